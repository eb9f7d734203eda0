/** Package managers that are missing themselves, or of another version than the lock file or manifest asks for. */
import type { Text } from '../say.ts';
import type { Row } from './row.ts';

const INSTALL: Text = [
  'Install that version in the final stage of the Dockerfile',
  {
    examples: [
      { for: 'ruby', words: '`gem install bundler -v VERSION`' },
      { for: 'python', words: '`pip install poetry==VERSION`' },
      { for: 'node', words: '`corepack enable` with packageManager in package.json, `npm install -g pnpm@VERSION`' },
    ],
  },
  ', or start the program itself in `command` or CMD instead of through the package manager.',
];

export const PACKAGE_MANAGERS: readonly Row[] = [
  {
    kind: 'command-missing',
    technology: 'ruby',
    form: /Could not find ['"`]?bundler['"`]? \((?<name>[\d.]{1,12})\)|locked to bundler \(?(?<name2>[\d.]{1,12})\)?|You must use Bundler (?<name3>[\d.]{1,12}) or greater/i,
    cause:
      'The image of the container{container} lacks the version of Bundler that Gemfile.lock was written with ({name}).',
    remedy:
      'Install that version in the Dockerfile, in the stage that runs (RUN gem install bundler -v {name}), and keep GEM_HOME the same there; or write Gemfile.lock with the Bundler of the image (bundle update --bundler).',
  },
  {
    kind: 'command-missing',
    technology: 'python',
    form: /requires Poetry version (?<name>[\d.<>=~^, ]{1,30}?)[, ]{1,2}but you are using Poetry (?<have>[\d.]{1,12})|lock file is not compatible with the current version of Poetry/i,
    cause:
      'The image of the container{container} has another version of Poetry{ (have)} than pyproject.toml or poetry.lock asks for{ (name)}.',
    remedy: INSTALL,
  },
  {
    kind: 'command-missing',
    technology: 'node',
    form: /"packageManager": "(?<name>[\w@.+-]{1,60})"\. However the current global version of (?<tool>\w{3,10}) is (?<have>[\d.]{1,12})/,
    cause:
      'The image of the container{container} has {tool} {have}, and packageManager in package.json asks for {name}.',
    remedy: INSTALL,
  },
  {
    kind: 'command-missing',
    form: /(?:^|[:\s"'`/])(?<name>poetry|pnpm|yarn|bundle|bundler|pipenv|uv|pdm|composer|bun)['"`]?: (?:(?:command )?not found(?!: )|executable file not found|No such file or directory)|command not found: (?<name2>poetry|pnpm|yarn|bundle|bundler|pipenv|uv|pdm|composer|bun)\b|spawn (?<name3>poetry|pnpm|yarn|bundle|pipenv|uv|pdm|composer|bun) ENOENT/,
    cause: 'The container{container} is started with the package manager {name}, which is not in its image.',
    remedy:
      'Install {name} in the final stage of the Dockerfile, in the version that the lock file or packageManager names, or start the program itself in `command` or CMD.',
  },
];
