import { type ForeignPlaceholder, type Form, foreignIn, variableName } from '../foreign-placeholders.ts';

/** What nothing has filled in an image reference: none of it is a legal part of one, or one that no image is named by. */
interface Unfilled extends Pick<ForeignPlaceholder, 'text' | 'name' | 'fallback'> {
  readonly form: Form;
}

/** The only word of a reference, in capitals, which no repository can have, or one that no repository is called by. */
const WHOLE: readonly RegExp[] = [
  /^[A-Z][A-Z0-9_-]*(?::[A-Za-z0-9_-]+)?$/,
  /^(?:(?:replace|change)[_-]?(?:me|this)|replaced?[_-](?:by|with)[_-][\w-]+|placeholder|to[_-]?do|tbd)(?::\w+)?$/i,
];
/** Part of a path or host that is written in capitals, which no repository may be. */
const PART =
  /(?<![A-Za-z0-9_-])(?:[A-Z][A-Z0-9]*_[A-Z0-9_]*|ACCOUNT|REGION|REGISTRY|REPOSITORY|REPO|NAME|IMAGE|PLACEHOLDER)(?![A-Za-z0-9_-])/;
const TAG =
  /^(?:REPLACED?(?:[_-]\w+)?|PLACEHOLDER\w*|CHANGE[_-]?ME|TO_?DO|TBD|(?:YOUR|INSERT|SET|FILL|FILLED)_\w+|(?:[A-Z]+_)*(?:TAG|SHA|VERSION|COMMIT|HASH|BUILD_(?:ID|NUMBER)|RUN_(?:ID|NUMBER))|replace[_-]?me|change[_-]?me|placeholder|undefined|null|None)$/;
const ECR_ACCOUNT = /^([^/.]{1,99})\.dkr[.-]ecr\./;
const ECR_REGION = /^\d{12}\.dkr[.-]ecr(?:-fips)?\.([^/.]{1,99})\./;

/** The first placeholder in a reference; undefined where it has none. `${NAME}`, which is ours, is not one. */
export const unfilledIn = (reference: string): Unfilled | undefined => allUnfilled(reference)[0];

function allUnfilled(reference: string): readonly Unfilled[] {
  const text = reference.trim();
  const marked = foreignIn(text);
  if (marked.length > 0) return marked;
  if (text.includes('${')) return [];
  const slash = text.lastIndexOf('/');
  const [withoutDigest = ''] = text.split('@');
  const colon = withoutDigest.indexOf(':', slash + 1);
  const [path, tag] = colon < 0 ? [withoutDigest, ''] : [text.slice(0, colon), withoutDigest.slice(colon + 1)];
  const word =
    (WHOLE.some((pattern) => pattern.test(text)) ? text : undefined) ??
    PART.exec(path)?.[0] ??
    accountOrRegion(path) ??
    TAG.exec(tag)?.[0];
  return word === undefined ? [] : [{ text: word, form: 'word', name: variableName(word.split(':')[0] ?? '') }];
}

function accountOrRegion(path: string): string | undefined {
  const account = ECR_ACCOUNT.exec(path)?.[1];
  if (account !== undefined && !/^\d+$/.test(account)) return account;
  const region = ECR_REGION.exec(path)?.[1];
  return region !== undefined && !/^[a-z]{2,}(?:-[a-z]+)+-\d+$/.test(region) ? region : undefined;
}

/** A name with capitals, which no registry takes: what to write instead. Undefined where there are none. */
export function inSmallLetters(reference: string): string | undefined {
  const at = reference.split('@')[0] ?? '';
  const slash = at.indexOf('/');
  const hasHost = slash > 0 && /[.:]|^localhost$/.test(at.slice(0, slash));
  const from = hasHost ? slash + 1 : 0;
  const colon = at.indexOf(':', at.lastIndexOf('/') + 1);
  const to = colon < 0 ? at.length : colon;
  const path = reference.slice(from, to);
  const small = path.toLowerCase();
  return small === path ? undefined : reference.slice(0, from) + small + reference.slice(to);
}

/** What to write in a task definition in place of the placeholders of other tools that a reference has. */
export function templateForm(reference: string): string {
  const given = reference.trim();
  const all = allUnfilled(given);
  const [first] = all;
  if (first && (given === first.text || given.startsWith(`${first.text}:`)))
    return 'Write `"image": "${IMAGE}"` and give the image by the input `image` (or build it with `repository`), or name the image itself. If the step has `image`, and this is the container that it is for, it arrived empty: check the id and the name of the output in `${{ steps.ID.outputs.NAME }}`, and that its step ran.';
  const variableOf = ({ name }: Unfilled): string => (/^(?:IMAGE|TAG|IMAGE_TAG)$/.test(name) ? 'IMAGE_TAG' : name);
  const filled = all.reduce(
    (text, one) =>
      text.replace(one.text, () => `\${${variableOf(one)}${one.fallback === undefined ? '' : `:-${one.fallback}`}}`),
    given,
  );
  const values = new Map(
    all
      .filter((one) => one.fallback === undefined)
      .map((one) => [variableOf(one), one.form === 'expression' ? one.text : '...']),
  );
  const lines = [...values].map(([name, value]) => `\`${name}=${value}\``).join(', ');
  const own = values.has('IMAGE_TAG') ? ', or `${IMAGE}` for the whole reference of the image of this run' : '';
  return `Write \`"image": "${filled}"\`${lines === '' ? '' : ` and ${lines} in the input \`variables\``}${own}.`;
}

/** What is wrong, and what to write in its place. */
interface InputForm {
  readonly problem: string;
  readonly remedy: string;
}

/** A variable of a shell, or an expression of GitHub's, that stands in an input as it was written; undefined where there is none. */
export function unexpandedIn(value: string): InputForm | undefined {
  const [text, name] = /\$\{([A-Za-z_]\w*)\}/.exec(value) ?? [];
  if (text !== undefined && name !== undefined) return inputForm({ text, form: 'dollar', name });
  const found = foreignIn(value).find(({ form }) => UNEXPANDED.includes(form));
  return found && inputForm(found);
}
const UNEXPANDED: readonly Form[] = ['expression', 'template', 'dollar', 'call', 'percent'];

/** What to write in an input in place of a placeholder that nothing fills there. */
export function inputForm({ text, form, name }: Pick<Unfilled, 'text' | 'form' | 'name'>): InputForm {
  switch (form) {
    case 'expression':
      return {
        problem: `\`${text}\` is an expression that GitHub did not evaluate.`,
        remedy: 'Write it unquoted and unescaped in the `with:` block of the step.',
      };
    case 'template':
      return {
        problem: `\`${text}\` is not an expression: the \`$\` before the braces is missing.`,
        remedy: `Write \`\${{ ${text.replaceAll(/[{}]/g, '').trim()} }}\`.`,
      };
    case 'dollar':
    case 'call':
    case 'percent':
      return {
        problem: `\`${text}\` was not expanded: no shell reads the \`with:\` block.`,
        remedy: `Write \`\${{ env.${name} }}\`.`,
      };
    default:
      return {
        problem: `\`${text}\` is a placeholder that nothing has filled.`,
        remedy: 'Give the image, such as `${{ steps.build.outputs.image }}`.',
      };
  }
}
