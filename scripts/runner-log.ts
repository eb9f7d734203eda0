/** Whether the terminal shows colours. https://no-color.org */
export const takesColours = (): boolean => process.stdout.isTTY === true && !process.env.NO_COLOR;

export const COLOUR = /\p{Cc}\[[\d;]*m/gu;

/** Shows the action's output as GitHub's log does: commands are carried out and not printed, and masked values are stars. */
export class RunnerLog {
  readonly #write: (text: string) => void;
  readonly #masked = new Set<string>();
  readonly #folds: boolean;
  /** Of the group that is open, where groups are folded. */
  #group: { readonly title: string; lines: number } | undefined;
  #rest = '';

  /** @param options `folds`: of a group its title alone, as GitHub shows it until it is opened */
  constructor(write: (text: string) => void, { folds = false }: { readonly folds?: boolean } = {}) {
    this.#write = write;
    this.#folds = folds;
  }

  /** Takes text as it comes; lines are shown when they are whole. */
  readonly add = (text: string): void => {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#show(line);
  };

  #show(line: string): void {
    const [, command, properties = '', data = ''] = /^::([a-z-]+)( [^:]*)?::(.*)$/.exec(line) ?? [];
    const title = unescaped(/title=([^,]*)/.exec(properties)?.[1] ?? '');
    const content = unescaped(data);
    if (command === 'add-mask') this.#masked.add(content);
    else if (command === 'group' && this.#folds) this.#group = { title: content, lines: 0 };
    else if (command === 'endgroup') this.#endGroup();
    else if (command === 'group') this.#print(`\u001b[1m▾ ${content}\u001b[0m`);
    else if (command === 'error') this.#print(`\u001b[31mError: ${title ? `${title}: ` : ''}${content}\u001b[0m`);
    else if (command === 'warning' || command === 'notice') this.#print(`\u001b[33m${command}: ${content}\u001b[0m`);
    else if (command === undefined && this.#group) this.#group.lines += 1;
    else if (command === undefined) this.#print(line);
  }

  #endGroup(): void {
    const group = this.#group;
    this.#group = undefined;
    if (group) this.#print(`\u001b[1m▸ ${group.title}\u001b[0m (${group.lines} lines)`);
  }

  #print(line: string): void {
    let shown = line;
    for (const secret of this.#masked) shown = shown.replaceAll(secret, '***');
    this.#write(`${shown}\n`);
  }
}

const unescaped = (text: string): string =>
  text
    .replaceAll('%0A', '\n')
    .replaceAll('%0D', '\r')
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%25', '%');
