import { parseArn } from '../arn.ts';
import type { Image } from '../image/image.ts';
import type { ServiceInputs } from '../inputs/types.ts';
import type { Json, JsonObject, ServiceState } from '../model.ts';
import { isObject } from '../taskdef/template.ts';

/** What is about to be deployed, and to which service; all that the preflight is about. */
export interface Subject {
  /** As it will be registered: placeholders and edits done, checks of the task definition passed. */
  readonly definition: JsonObject;
  readonly service: ServiceState;
  readonly inputs: ServiceInputs;
  /** The service runs on Fargate. */
  readonly fargate: boolean;
  /** Of this run, when it is known: built here, or the input `image`, already looked up. */
  readonly image?: Image;
  /** Reference that stands in the definition for an image that does not exist yet: nothing to look up. */
  readonly standIn?: string;
}

/** Where the service lives, by its ARN: what the credentials can see. */
export interface Home {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}
export function homeOf({ arn }: ServiceState): Home {
  const { partition = 'aws', region = '', account = '' } = parseArn(arn) ?? {};
  return { partition, region, account };
}

export type LaunchType = 'FARGATE' | 'EC2' | 'EXTERNAL' | 'MANAGED_INSTANCES' | string;
export const launchTypeOf = ({ fargate, service }: Subject): LaunchType =>
  fargate ? 'FARGATE' : (service.launchType ?? 'EC2');

export const networkModeOf = ({ definition, fargate }: Subject): string =>
  typeof definition.networkMode === 'string' ? definition.networkMode : fargate ? 'awsvpc' : 'bridge';

/** A text member, or nothing. */
export const textOf = (value: Json | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
/** A name of something in the definition, as people are told it. */
export const nameOf = ({ name }: JsonObject): string => textOf(name) ?? '(without a name)';
/** A number, also one that is written as text; 0 for anything else. */
export function numberOf(value: Json | undefined): number {
  const number = typeof value === 'number' || typeof value === 'string' ? Number(value) : 0;
  return Number.isFinite(number) && number > 0 ? number : 0;
}
export const objectOf = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});
