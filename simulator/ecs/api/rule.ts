import type {
  ContainerDefinition,
  NetworkConfiguration,
  PortMapping,
  RegisterTaskDefinitionRequest,
  Volume,
} from '@aws-sdk/client-ecs';
import { ApiException } from '../../wire/service.ts';

/** A request whose shape has been held against the service model, without members that are null. */
export type Definition = RegisterTaskDefinitionRequest;
export type Container = ContainerDefinition;

/** One thing that ECS refuses in a request `Of` some kind. */
export interface Rule<Of = Definition> {
  /** AWS's page that says it. */
  readonly page: string;
  /** `aws`: as real accounts answered (CloudFormation, Terraform, SDK users); `own`: AWS's words are not known. */
  readonly words: 'aws' | 'own';
  /** The exception, where it is another than most of the operation's. */
  readonly error?: string;
  /** What ECS answers, or undefined when the request keeps the rule. */
  readonly breach: (request: Of) => string | undefined;
}

type Words = Rule['words'];
type Breach<Of> = (of: Of, definition: Definition) => string | undefined;
export type Labels = Omit<Rule, 'breach'>;

const DEVELOPER_GUIDE = 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/';
/** A page of the developer guide. */
export const guide = (page: string, words: Words = 'own'): Labels => ({ page: DEVELOPER_GUIDE + page, words });
/** A page of the API reference, by the name of an operation or a type. */
export const reference = (name: string, words: Words = 'own'): Labels => ({
  page: `https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_${name}.html`,
  words,
});

/** @throws ApiException by the first rule that the request breaks; `usual` is the exception of rules that name none */
export function refuse<Of>(rules: readonly Rule<Of>[], request: Of, usual: string): void {
  for (const { breach, error = usual } of rules) {
    const words = breach(request);
    if (words !== undefined) throw new ApiException(error, words);
  }
}

/** A rule on the task as a whole. */
export const task = (labels: Labels, breach: (definition: Definition) => string | undefined): Rule => ({
  ...labels,
  breach,
});

/** A rule on each item of a list; the first that breaks it counts. */
const each =
  <Of>(itemsOf: (definition: Definition) => readonly Of[]) =>
  (labels: Labels, breach: Breach<Of>): Rule => ({
    ...labels,
    breach: (definition) => {
      for (const item of itemsOf(definition)) {
        const words = breach(item, definition);
        if (words !== undefined) return words;
      }
      return undefined;
    },
  });

export const containersOf = (definition: Definition): readonly Container[] => definition.containerDefinitions ?? [];
export const namesOf = (definition: Definition): readonly string[] =>
  containersOf(definition).map(({ name }) => name ?? '');

/** A rule on each container. */
export const container = each(containersOf);
/** A rule on each port mapping. */
export const port = each((definition) =>
  containersOf(definition).flatMap(({ name, portMappings = [] }) =>
    portMappings.map((mapping: PortMapping) => ({ name: name ?? '', mapping })),
  ),
);
/** A rule on each volume. */
export const volume = each((definition): readonly Volume[] => definition.volumes ?? []);

/** The first item that is there twice. */
export const repeated = <Of>(items: readonly Of[]): Of | undefined =>
  items.find((item, i) => items.indexOf(item) !== i);

/** `256`, `0.25 vCPU`: in CPU units, or undefined. */
export function cpuOf(text: string | undefined): number | undefined {
  const units = /^\s*(\d+)\s*$/.exec(text ?? '')?.[1];
  const vcpus = /^\s*(\d*\.?\d+)\s*vcpu\s*$/i.exec(text ?? '')?.[1];
  return whole(units === undefined ? (vcpus === undefined ? undefined : Number(vcpus) * 1024) : Number(units));
}

/** `512`, `0.5 GB`: in MiB, or undefined. */
export function memoryOf(text: string | undefined): number | undefined {
  const mebibytes = /^\s*(\d+)\s*$/.exec(text ?? '')?.[1];
  const gigabytes = /^\s*(\d*\.?\d+)\s*gb\s*$/i.exec(text ?? '')?.[1];
  return whole(
    mebibytes === undefined ? (gigabytes === undefined ? undefined : Number(gigabytes) * 1024) : Number(mebibytes),
  );
}

const whole = (value: number | undefined): number | undefined => (Number.isInteger(value) ? value : undefined);

/**
 * The first subnet or security group of a request that does not exist, in the words of CreateService, UpdateService and RunTask: all three look
 * them up before they create anything.
 */
export function missingInNetwork(
  { networkConfiguration }: { readonly networkConfiguration?: NetworkConfiguration | undefined },
  missing: ReadonlySet<string>,
): string | undefined {
  const { subnets = [], securityGroups = [] } = networkConfiguration?.awsvpcConfiguration ?? {};
  const subnet = subnets.find((id) => missing.has(id));
  if (subnet)
    return `Error retrieving subnet information for [${subnets.join(', ')}]: The subnet ID '${subnet}' does not exist (ErrorCode: InvalidSubnetID.NotFound)`;
  const group = securityGroups.find((id) => missing.has(id));
  return (
    group &&
    `Error retrieving security group information for [${securityGroups.join(', ')}]: The security group '${group}' does not exist (ErrorCode: InvalidGroup.NotFound)`
  );
}
