/** How one AWS service plugs into the simulator: the wire (wire.ts) parses and checks requests, a Service answers them. */

export interface CallContext {
  /** From the request's signature scope, else us-east-1. */
  readonly region: string;
  readonly accountId: string;
  /** aws, aws-cn, aws-us-gov: follows from the region. */
  readonly partition: string;
  /** Access key id of the caller, for switched-on denials and expired credentials. */
  readonly accessKeyId: string;
}

/** An error as AWS models it; the wire serialises it in the service's protocol. */
export class ApiException extends Error {
  override readonly name: string;
  readonly statusCode: number;
  /** Further modelled members. */
  readonly fields: Readonly<Record<string, unknown>>;
  constructor(name: string, message: string, statusCode = 400, fields: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = name;
    this.statusCode = statusCode;
    this.fields = fields;
  }
}

export interface Service {
  /** Signing name and endpoint prefix: ecs, ecr, sts, logs, ... */
  readonly name: string;
  /**
   * `json`: X-Amz-Target; `query`: form-encoded Action with an XML answer; `rest`: the method is the operation, `path` its input,
   * and the answer is headers.
   */
  readonly protocol: 'json' | 'query' | 'rest';
  /** For `json`: what stands before the dot in X-Amz-Target. */
  readonly targetPrefix: string;
  /** For `query`: of the answer's XML. */
  readonly namespace?: string;
  /** Answers with the output shape (instants as epoch seconds, blobs base64) or throws ApiException. */
  handle(operation: string, input: Readonly<Record<string, unknown>>, context: CallContext): Promise<object> | object;
}
