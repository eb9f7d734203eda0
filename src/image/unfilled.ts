/**
 * Placeholders that another tool was to fill, and that reach us as they stand: a workflow that lost a step, or a template of
 * another deploy tool. None of them is a legal part of an image reference, or one that no image is named by.
 */
interface Unfilled {
  /** As it stands: `<IMAGE>`, `#TAG#`, `REPLACED_BY_CI`. */
  readonly text: string;
  /** Which tool writes it so, where that says what to write instead. */
  readonly syntax: 'github' | 'braces' | 'shell' | 'marks' | 'word';
  /** Its name as a variable of ours: `IMAGE`, `TAG`. */
  readonly name: string;
}

const WORD = '[A-Za-z_][\\w.-]{0,99}';
/** What stands between the marks is short: the patterns look ahead a bounded way. */
const SYNTAXES: readonly (readonly [Unfilled['syntax'], RegExp])[] = [
  ['github', /\$\{\{[^{}]{0,200}\}\}/],
  ['braces', /\{\{[^{}]{0,200}\}\}/],
  ['marks', /<%[^<>]{0,200}%>/],
  ['marks', /<[^<>]{0,200}>/],
  ['shell', new RegExp(`\\$\\(${WORD}\\)`)],
  ['shell', /(?<!\$)\$[A-Za-z_]\w{0,99}/],
  ['shell', /%[A-Za-z_]\w{0,99}%/],
  ['marks', new RegExp(`#\\{${WORD}\\}#?`)],
  ['marks', new RegExp(`\\(\\(${WORD}\\)\\)`)],
  ['marks', new RegExp(`(?<!\\$)\\{${WORD}\\}`)],
  ['marks', new RegExp(`\\[${WORD}\\]`)],
  ['marks', /(##?|@@?|~|!|\|)[A-Za-z_]\w{0,99}\1/],
  ['marks', /(?<![A-Za-z0-9])__[A-Za-z]\w{0,99}?__(?![A-Za-z0-9])/],
];

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
export function unfilledIn(reference: string): Unfilled | undefined {
  const text = reference.trim();
  for (const [syntax, pattern] of SYNTAXES) {
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) return unfilled(found, syntax);
  }
  if (text.includes('${')) return undefined;
  const slash = text.lastIndexOf('/');
  const [withoutDigest = ''] = text.split('@');
  const colon = withoutDigest.indexOf(':', slash + 1);
  const [path, tag] = colon < 0 ? [withoutDigest, ''] : [text.slice(0, colon), withoutDigest.slice(colon + 1)];
  const word =
    (WHOLE.some((pattern) => pattern.test(text)) ? text : undefined) ??
    PART.exec(path)?.[0] ??
    accountOrRegion(path) ??
    TAG.exec(tag)?.[0];
  return word === undefined ? undefined : unfilled(word, 'word');
}

function accountOrRegion(path: string): string | undefined {
  const account = ECR_ACCOUNT.exec(path)?.[1];
  if (account !== undefined && !/^\d+$/.test(account)) return account;
  const region = ECR_REGION.exec(path)?.[1];
  return region !== undefined && !/^[a-z]{2,}(?:-[a-z]+)+-\d+$/.test(region) ? region : undefined;
}

function unfilled(text: string, syntax: Unfilled['syntax']): Unfilled {
  // `steps.build.outputs.image` is called `IMAGE`, `image.tag` is `IMAGE_TAG`.
  const words = (text.split(':')[0] ?? '').match(/[A-Za-z0-9]+/g) ?? [];
  const named = syntax === 'github' ? words.slice(-1) : words.slice(0, 4);
  const name = named.join('_').toUpperCase();
  return { text, syntax, name: /^[A-Z]/.test(name) ? name : 'IMAGE' };
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

/** What to write in a task definition in place of a placeholder of another tool. */
export function templateForm(reference: string, { text, syntax, name }: Unfilled): string {
  const whole = reference.trim() === text || reference.trim().startsWith(`${text}:`);
  if (whole) {
    return 'Write `"image": "${IMAGE}"` and give the image by the input `image` (or build it with `repository`), or name the image itself.';
  }
  const variable = /^(?:IMAGE|TAG|IMAGE_TAG)$/.test(name) ? 'IMAGE_TAG' : name;
  const filled = reference.trim().replace(text, `\${${variable}}`);
  const value = syntax === 'github' ? text : '...';
  const own = variable === 'IMAGE_TAG' ? ', or `${IMAGE}` for the whole reference of the image of this run' : '';
  return `Write \`"image": "${filled}"\` and \`${variable}=${value}\` in the input \`variables\`${own}.`;
}

/** What to write in the input `image` in place of a placeholder that nothing fills there. */
export function inputForm({ text, syntax, name }: Unfilled): { readonly problem: string; readonly remedy: string } {
  switch (syntax) {
    case 'github':
      return {
        problem: `\`${text}\` is an expression that GitHub did not evaluate.`,
        remedy: 'Write it unquoted and unescaped in the `with:` block of the step.',
      };
    case 'braces':
      return {
        problem: `\`${text}\` is not an expression: the \`$\` before the braces is missing.`,
        remedy: `Write \`\${{ ${text.replaceAll(/[{}]/g, '').trim()} }}\`.`,
      };
    case 'shell':
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
