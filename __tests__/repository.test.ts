import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** GitHub ignores a form or an update rule that it cannot read, without telling anybody. */
interface Form {
  readonly name: string;
  readonly description: string;
  readonly body: readonly {
    readonly type: string;
    readonly id?: string;
    readonly attributes: { readonly label?: string; readonly value?: string; readonly options?: readonly unknown[] };
    readonly validations?: { readonly required: boolean };
  }[];
}
const FOLDER = '.github/ISSUE_TEMPLATE';
const forms = readdirSync(FOLDER).filter((file) => file !== 'config.yml');
const form = (file: string): Form => parse(readFileSync(`${FOLDER}/${file}`, 'utf8'));

test.each(forms)('the issue form %s is one that GitHub accepts', (file) => {
  const { name, description, body } = form(file);
  expect([typeof name, typeof description]).toEqual(['string', 'string']);
  const ids = body.flatMap(({ id }) => (id === undefined ? [] : [id]));
  expect(new Set(ids).size).toBe(ids.length);
  for (const { type, id, attributes } of body) {
    expect(['markdown', 'input', 'textarea', 'dropdown', 'checkboxes']).toContain(type);
    if (type === 'markdown') expect(attributes.value).toMatch(/\S/);
    else expect([id, attributes.label]).toEqual([expect.stringMatching(/^[\w-]+$/), expect.stringMatching(/\S/)]);
    if (type === 'dropdown' || type === 'checkboxes') expect(attributes.options?.length).toBeGreaterThan(0);
  }
});

test('a bug report asks for the version, the summary output that exists, and warns before anything is pasted', () => {
  const { body } = form('bug.yml');
  const required = body.flatMap(({ id, validations }) => (validations?.required ? [id] : []));
  expect(required).toEqual(expect.arrayContaining(['version', 'summary']));
  expect(body[0]?.attributes.value).toContain('replace account ids');
  expect(Object.keys(parse(readFileSync('action.yml', 'utf8')).outputs)).toContain('summary');
});

test('dependencies are updated in groups, from npm and for actions', () => {
  const { version, updates } = parse(readFileSync('.github/dependabot.yml', 'utf8'));
  expect(version).toBe(2);
  expect(updates.map((update: Record<string, unknown>) => update['package-ecosystem'])).toEqual([
    'npm',
    'github-actions',
  ]);
  for (const { groups, schedule } of updates) {
    expect(Object.keys(groups).length).toBeGreaterThan(0);
    expect(schedule.interval).toBe('weekly');
  }
});

test('files that the documents of the repository name are there', () => {
  for (const file of ['SECURITY.md', 'CONTRIBUTING.md', 'CHANGELOG.md', '.github/ISSUE_TEMPLATE/config.yml']) {
    const text = readFileSync(file, 'utf8');
    for (const [, path = ''] of text.matchAll(/\]\((?!https?:|#)([^)#]+)/g))
      expect(() => readFileSync(path)).not.toThrow();
    for (const [, path = ''] of text.matchAll(/\/blob\/main\/([\w./-]+)/g))
      expect(() => readFileSync(path)).not.toThrow();
  }
});
