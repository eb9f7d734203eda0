import { ApiException, type CallContext, type Service } from '../wire/service.ts';

export interface SimBucket {
  readonly region: string;
  readonly keys: readonly string[];
  /** This account may not read it. */
  readonly forbidden?: boolean;
  /** May be listed: else S3 says 403 for what is not there. */
  readonly listable?: boolean;
}

/** Amazon S3: whether an object is there. A bucket answers in its own region and sends others there. */
export class S3 implements Service {
  readonly name = 's3';
  readonly protocol = 'rest' as const;
  readonly targetPrefix = '';
  readonly buckets = new Map<string, SimBucket>();

  handle(operation: string, { path }: Readonly<Record<string, unknown>>, { region }: CallContext): object {
    if (operation !== 'HEAD') throw new ApiException('NotImplemented', `The simulator knows no ${operation}.`, 501);
    const [, name = '', key = ''] = /^\/([^/]+)\/(.*)$/.exec(decodeURIComponent(String(path))) ?? [];
    const bucket = this.buckets.get(name);
    if (!bucket) throw new ApiException('NoSuchBucket', 'The specified bucket does not exist', 404);
    if (bucket.region !== region) {
      throw new ApiException('PermanentRedirect', 'Use the endpoint of the region', {
        statusCode: 301,
        fields: { 'x-amz-bucket-region': bucket.region },
      });
    }
    if (bucket.forbidden) throw new ApiException('AccessDenied', 'Access Denied', 403);
    if (!bucket.keys.includes(key))
      throw new ApiException('NotFound', 'Not Found', bucket.listable === false ? 403 : 404);
    return { 'content-length': '1', etag: '"00000000000000000000000000000000"' };
  }
}
