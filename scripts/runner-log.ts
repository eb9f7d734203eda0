/** Shows the action's output as GitHub's log does: commands are carried out and not printed, and masked values are stars. */
export class RunnerLog {
  readonly #write: (text: string) => void;
  readonly #masked = new Set<string>();
  #rest = '';

  constructor(write: (text: string) => void) {
    this.#write = write;
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
    else if (command === 'group') this.#print(`\u001b[1m▾ ${content}\u001b[0m`);
    else if (command === 'error') this.#print(`\u001b[31mError: ${title ? `${title}: ` : ''}${content}\u001b[0m`);
    else if (command === 'warning' || command === 'notice') this.#print(`\u001b[33m${command}: ${content}\u001b[0m`);
    else if (command === undefined) this.#print(line);
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
