/** Names of images as workflows write them: parts that are separated by `/` and `:`, of which each may be an expression. */

type Texts = Readonly<Record<string, string>>;

/** `web:3` or an ARN: one that is there. */
export const hasRevision = (named: string): boolean => masked(named, (plain) => plain.includes(':'));

export const unspaced = (expression: string): string => expression.replaceAll(/\s+/g, '');

/** Of a list that commas or lines separate; an expression may have commas. */
export const linesOf = (text: string): string[] =>
  masked(text, (plain, restore) => plain.split(/[\n,]/).flatMap((one) => restore(one.trim()) || []));

/** `render` of `${{ steps.render.outputs.task-definition }}` */
export const outputIn = (text = ''): string | undefined =>
  /^\s*\$\{\{\s*steps\.([\w-]+)\.outputs\.[\w-]+\s*\}\}\s*$/.exec(text)?.[1];

const EXPRESSION = /\$\{\{.*?\}\}/g;

/** Parts that are separated by `/` or `:`; an expression is one word, in the place of which stands a number between characters of private use. */
function masked<T>(text: string, use: (plain: string, restore: (part: string) => string) => T): T {
  const expressions: string[] = [];
  const plain = text.replaceAll(EXPRESSION, (one) => `\uE000${expressions.push(one) - 1}\uE001`);
  return use(plain, (part) => part.replaceAll(/\uE000(\d+)\uE001/g, (_, i: string) => expressions[Number(i)] ?? ''));
}

/** Without what differs in how a registry is named. */
export const nameOf = (image: string): string => {
  const [part] = partsOf([image]);
  return part === undefined ? '' : unspaced(`${ownName(part.name)}:${part.tag}`);
};

/** The name without its tag. */
export const nameIn = (image: string): string =>
  masked(image, (plain, restore) => restore(plain.replace(/[:@][^/]*$/, '')));

const partsOf = (images: readonly string[]): { readonly name: string; readonly tag: string }[] =>
  images.map((image) =>
    masked(image, (plain, restore) => {
      const [, name = plain, tag = ''] = /^(.*?)(?::([^/:]*))?$/.exec(plain) ?? [];
      return { name: restore(name), tag: restore(tag) };
    }),
  );

/** A name alone is one of the own registry. */
const ownName = (name: string): string =>
  masked(name, (plain, restore) => {
    const [host = '', ...path] = plain.split('/');
    const isOwnRegistry = /registry/i.test(restore(host)) && path.length > 0;
    return restore(isOwnRegistry ? path.join('/') : plain);
  });

/** `${{ steps.names.outputs.image }}`, in which a name and a tag may be; `${{ env.ECR_REPOSITORY }}` is a name alone. */
const isWholeName = (image: string): boolean => {
  const isOne = masked(image, (plain) => /^\s*\uE000\d+\uE001\s*$/.test(plain));
  const [, path = ''] = isOne ? (/\$\{\{\s*(.*?)\s*\}\}/.exec(image) ?? []) : [];
  const last = path.split('.').at(-1) ?? '';
  return path !== '' && (/image|tag|ref/i.test(last) || !/repo|app|service|name/i.test(last));
};

/** `repository`, and `tags` where they are not the commit alone, which is the default; why not, where the names do not show them. */
export function imageInputs(images: readonly string[]): { readonly inputs: Texts; readonly stays?: string } {
  const [first] = images;
  if (first === undefined) return { inputs: {}, stays: 'it gives the image no name (`tags`)' };
  const parts = partsOf(images);
  const [{ name, tag } = { name: first, tag: '' }] = parts;
  const whole = images.find(isWholeName);
  if (whole !== undefined)
    return {
      inputs: {},
      stays: `\`${whole}\` is the whole name of an image, and here the repository is one input and the tags another. To replace it, write them`,
    };
  if (parts.some((one) => one.name !== name))
    return { inputs: {}, stays: 'it pushes to several repositories, and this action to one' };
  const tags = parts.map((one) => one.tag);
  const isCommit = tags.length === 1 && /^\$\{\{\s*github\.sha\s*\}\}$/.test(tag);
  return {
    inputs: {
      repository: ownName(name),
      ...(isCommit || tags.every((one) => one === '') ? {} : { tags: tags.filter((one) => one !== '').join('\n') }),
    },
  };
}
