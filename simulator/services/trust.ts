type Input = Readonly<Record<string, unknown>>;

/** Who asks for a role or a resource, and what is known of the request, by condition key. */
export interface PolicyRequest {
  /** `sts:AssumeRole`, `ecr:BatchGetImage`. */
  readonly action: string;
  /** `Federated`: the ARN of an identity provider; `AWS`: ARNs that stand for the caller, its account's root among them. */
  readonly principal: { readonly type: 'AWS' | 'Federated'; readonly names: readonly string[] };
  readonly values: ReadonlyMap<string, readonly string[]>;
}

const list = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];
const object = (value: unknown): Input => (typeof value === 'object' && value !== null ? (value as Input) : {});

/**
 * What a resource's policy says: a statement that denies decides, else one that allows; or it says nothing.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function verdictOf(policy: object, request: PolicyRequest): 'allow' | 'deny' | 'nothing' {
  const effects = list(object(policy).Statement)
    .map(object)
    .filter((statement) => applies(statement, request))
    .map(({ Effect }) => Effect);
  if (effects.includes('Deny')) return 'deny';
  return effects.includes('Allow') ? 'allow' : 'nothing';
}

/** Whether a role's trust policy lets the request in. */
export const trusts = (policy: object, request: PolicyRequest): boolean => verdictOf(policy, request) === 'allow';

function applies({ Action, Principal, Condition }: Input, { action, principal, values }: PolicyRequest): boolean {
  if (!list(Action).some((pattern) => like(String(pattern).toLowerCase(), action.toLowerCase()))) return false;
  const trusted = Principal === '*' ? ['*'] : list(object(Principal)[principal.type]).map(String);
  if (!trusted.some((name) => name === '*' || principal.names.includes(name))) return false;
  return conditionsHold(Condition, values);
}

/**
 * Whether all operators of a statement's Condition hold.
 * @param values of the request, by condition key in lower case
 */
export const conditionsHold = (condition: unknown, values: PolicyRequest['values']): boolean =>
  Object.entries(object(condition)).every(([operator, keys]) =>
    Object.entries(object(keys)).every(([key, wanted]) =>
      holds(operator, values.get(key.toLowerCase()), list(wanted).map(String)),
    ),
  );

/** `*` for any characters, `?` for one. */
export const like = (pattern: string, text: string): boolean =>
  /[*?]/.test(pattern)
    ? new RegExp(
        `^${pattern
          .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
          .replaceAll('*', '.*')
          .replaceAll('?', '.')}$`,
        's',
      ).test(text)
    : pattern === text;

const SINGLE: Readonly<Record<string, (wanted: string, actual: string) => boolean>> = {
  StringEquals: (wanted, actual) => wanted === actual,
  StringEqualsIgnoreCase: (wanted, actual) => wanted.toLowerCase() === actual.toLowerCase(),
  StringLike: like,
  ArnEquals: like,
  ArnLike: like,
};

/**
 * A condition operator. A key that the request does not have fails it, but for a negated operator and for `...IfExists`.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
function holds(operator: string, actual: readonly string[] | undefined, wanted: readonly string[]): boolean {
  const [, set = '', plain = '', lenient] = /^(ForAnyValue:|ForAllValues:|)(.*?)(IfExists)?$/.exec(operator) ?? [];
  const negated = plain.includes('Not');
  const single = SINGLE[plain.replace('Not', '')];
  // What the simulator does not know is not trusted.
  if (!single) return false;
  if (actual === undefined) return lenient !== undefined || negated || set === 'ForAllValues:';
  const matches = (value: string): boolean => wanted.some((one) => single(one, value));
  if (set === 'ForAllValues:') return actual.every((value) => matches(value) !== negated);
  if (set === 'ForAnyValue:') return actual.some((value) => matches(value) !== negated);
  return negated ? !actual.some(matches) : actual.some(matches);
}
