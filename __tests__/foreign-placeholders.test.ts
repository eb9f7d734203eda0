import { type Form, foreignIn, foreignPlaceholder, variableName } from '../src/foreign-placeholders.ts';
import { costOf } from './support/cost.ts';

/** Text, and of each placeholder in it: as it stands, its name as a variable, its default. */
const FOUND: readonly (readonly [text: string, ...found: readonly string[]])[] = [
  ['a <DB_HOST> b', '<DB_HOST> DB_HOST'],
  ['$HOST:$PORT', '$HOST HOST', '$PORT PORT'],
  ['{{ must_env `IMAGE_TAG` }}', '{{ must_env `IMAGE_TAG` }} IMAGE_TAG'],
  ['{{ env `LEVEL` `info` }}', '{{ env `LEVEL` `info` }} LEVEL info'],
  ['{{ env "LEVEL" "" }}', '{{ env "LEVEL" "" }} LEVEL '],
  ["{{ lookup('env', 'DB_HOST') }}", "{{ lookup('env', 'DB_HOST') }} DB_HOST"],
  ["{{ env['DB_HOST'] }}", "{{ env['DB_HOST'] }} DB_HOST"],
  ["{{ log_level | default('info') }}", "{{ log_level | default('info') }} LOG_LEVEL info"],
  ['{{ imageTag }}', '{{ imageTag }} IMAGE_TAG'],
  ['{{ .Values.image.tag }}', '{{ .Values.image.tag }} IMAGE_TAG'],
  ['{{- .Tag -}}', '{{- .Tag -}} TAG'],
  ['<%= db_host %>', '<%= db_host %> DB_HOST'],
  ['${var.image_tag}', '${var.image_tag} IMAGE_TAG'],
  ['${self:custom.stage}', '${self:custom.stage} STAGE'],
  ['${env:DB_HOST}', '${env:DB_HOST} DB_HOST'],
  ['${AWS::Region}', '${AWS::Region} AWS_REGION'],
  ['${AWS::AccountId}', '${AWS::AccountId} AWS_ACCOUNT_ID'],
  ['@@DB_HOST@@ ##PORT## %%STAGE%%', '@@DB_HOST@@ DB_HOST', '##PORT## PORT', '%%STAGE%% STAGE'],
  ['__DB_HOST__', '__DB_HOST__ DB_HOST'],
  ['#{DbHost}# #{Port}', '#{DbHost}# DB_HOST', '#{Port} PORT'],
  ['%DB_HOST% #PORT# ~STAGE~', '%DB_HOST% DB_HOST', '#PORT# PORT', '~STAGE~ STAGE'],
  ['$(Build.BuildId)', '$(Build.BuildId) BUILD_BUILD_ID'],
  ['{REGION} [STAGE] ((tag))', '{REGION} REGION', '[STAGE] STAGE', '((tag)) TAG'],
  ['<A_VERY_LONG_NAME_OF_A_HOST>', '<A_VERY_LONG_NAME_OF_A_HOST> A_VERY_LONG_NAME_OF_A_HOST'],
  ['${{ env.DB_HOST }}', '${{ env.DB_HOST }} DB_HOST'],
  [
    "{{ tfstate `aws_iam_role.task['api'].arn` }}",
    "{{ tfstate `aws_iam_role.task['api'].arn` }} AWS_IAM_ROLE_TASK_API_ARN",
  ],
  ['{{ ssm "/web/tag" }}', '{{ ssm "/web/tag" }} WEB_TAG'],
  ['arn:aws:iam::ACCOUNT_ID:role/x', 'ACCOUNT_ID ACCOUNT_ID'],
  ['arn:aws:ssm:REGION:ACCOUNT:parameter/x', 'REGION REGION', 'ACCOUNT ACCOUNT'],
  ['arn:aws:ssm:AWS_REGION:123456789012:parameter/x', 'AWS_REGION AWS_REGION'],
  ['https://sqs.REGION.amazonaws.com/ACCOUNT_ID/jobs', 'REGION REGION', 'ACCOUNT_ID ACCOUNT_ID'],
  // Ours, or none.
  ['arn:aws:iam::aws:policy/x'],
  ['arn:aws:s3:::bucket/ACCOUNT_ID:x'],
  ['arn:aws:ssm:eu-west-1:123456789012:parameter/REGION:x'],
  ['https://sqs.eu-west-1.amazonaws.com/123456789012/ACCOUNT_ID'],
  ['https://example.com/ACCOUNT_ID/jobs'],
  ['${DB_HOST} ${A:-<b>}', '<b> B'],
  ['$${DB_HOST}'],
  ['$$DB_HOST'],
  ['plain text, 100 % of it, a < b and c > d', '< b and c > B_AND_C'],
  ['https://example.com/a?b=c&d=e'],
  ['a__b__c'],
];

test.each(FOUND)('%s', (text, ...wanted) => {
  const found = foreignIn(text).map(({ text: own, name, fallback }) =>
    [own, name, ...(fallback === undefined ? [] : [fallback])].join(' '),
  );
  expect(found).toEqual(wanted);
});

/** Who judges a placeholder goes by its form, and by its name as it stands where that is one word. */
test.each<[text: string, form: Form, raw?: string]>([
  ['${{ env.X }}', 'expression', 'env.X'],
  ['${{ 1 }}', 'expression'],
  ['{{ tag }}', 'template', 'tag'],
  ['{{.Values.tag}}', 'template', '.Values.tag'],
  ['{{ a b }}', 'template'],
  ['{{ 1a }}', 'template'],
  ['{{ tag | default("x") }}', 'template', 'tag'],
  ['{{ tag || other }}', 'template'],
  ["{{ ssm '/web/tag' }}", 'template', 'web_tag'],
  ['<%= x %>', 'erb', 'x'],
  ['${var.x}', 'reference', 'var.x'],
  ['${aws_lb.web.arn}', 'reference', 'aws_lb.web.arn'],
  ['${opt:stage}', 'reference'],
  ['${ssm:/a}', 'reference'],
  ['<X>', 'angle', 'X'],
  ['<a-b>', 'angle', 'a-b'],
  ['$X', 'dollar', 'X'],
  ['$(a.B-c)', 'call', 'a.B-c'],
  ['%X%', 'percent', 'X'],
  ['__X__', 'doubled', 'X'],
  ['@@X@@', 'doubled', 'X'],
  ['##X##', 'doubled', 'X'],
  ['%%X%%', 'doubled', 'X'],
  ['#{a.b}', 'doubled', 'a.b'],
  ['#X#', 'single', 'X'],
  ['@X@', 'single', 'X'],
  ['~X~', 'single', 'X'],
  ['!X!', 'single', 'X'],
  ['|X|', 'single', 'X'],
  ['{X}', 'bracket', 'X'],
  ['[X]', 'bracket', 'X'],
  ['((X))', 'bracket', 'X'],
])('%s is one of the form %s, called %s', (text, form, raw = undefined) => {
  const found = foreignIn(`a ${text} b`);
  expect(found).toEqual([expect.objectContaining({ text, form, index: 2 })]);
  expect(found[0]?.raw).toBe(raw);
  expect(foreignPlaceholder(text, form)).toEqual({ ...found[0], index: undefined });
});

test('the number of an account in an ARN', () =>
  expect(foreignIn('arn:aws-cn:iam:eu-1:ACCOUNT:role/x')).toEqual([
    { text: 'ACCOUNT', form: 'word', name: 'ACCOUNT', raw: 'ACCOUNT', index: 20 },
  ]));

test('what a placeholder does not have is no member of it', () => {
  expect(Object.keys(foreignPlaceholder('{{ a b }}', 'template'))).toEqual(['text', 'form', 'name']);
  expect(Object.keys(foreignPlaceholder('{{ env `A` `b` }}', 'template'))).toContain('fallback');
});

test.each([
  ['{{ ssm("/web/tag") }}', 'WEB_TAG'],
  ['{{ssm  "/web/tag"}}', 'WEB_TAG'],
  ['{{- ssm `/web/tag` }}', 'WEB_TAG'],
  ['{{ssm"/web"}}', 'WEB'],
  ['{{ tag "--" }}', 'TAG'],
  ['{{ env("A") }}', 'A'],
  ['{{  env  "A" }}', 'A'],
  ['{{ENV "A"}}', 'A'],
  ['{{ must_env [`A`] }}', 'A'],
  ["{{ lookup  (  'env'  ,  'A' ) }}", 'A'],
  ["{{ lookup('file', 'A') }}", 'FILE'],
])('%s is the variable %s', (text, name) => expect(foreignPlaceholder(text, 'template').name).toBe(name));

test.each([
  'x arn:aws:iam::ACCOUNT_ID:role/x',
  '$$X $$(X) $${X} $${var.x}',
  '${X}',
  '#X@ ##X@@ @X',
  '1__X__ __X__1 __1__',
  '[X Y] {1} ((X) (X))',
  'a|b',
  '$1 %1% #1#',
])('none is in %s', (text) => expect(foreignIn(text)).toEqual([]));

test.each<[string, Form, string | undefined]>([
  ['{{ tag |default("x") }}', 'template', 'x'],
  ['{{ tag |  default ( `x`) }}', 'template', 'x'],
  ["{{ tag | default 'x' }}", 'template', 'x'],
  ['{{getv "A","b"}}', 'template', 'b'],
  ['{{- mustenv("A", "b") }}', 'template', 'b'],
  ["{{ lookup( 'env' , 'A' , 'b') }}", 'template', 'b'],
  ['{{ getenv ["A"] }}', 'template', undefined],
  ['<%= tag | default("x") %>', 'erb', undefined],
  ['<env "A" "b">', 'angle', undefined],
])('%s of the form %s has the default %s', (text, form, fallback) =>
  expect(foreignPlaceholder(text, form).fallback).toBe(fallback),
);

test.each<[string, Form | undefined, string]>([
  ['image_tag', undefined, 'IMAGE_TAG'],
  ['imageTag2Go', undefined, 'IMAGE_TAG2_GO'],
  ['.Values.image.tag', 'template', 'IMAGE_TAG'],
  ['values', undefined, 'VALUES'],
  ['var.local.self.custom.env.opt.param.vars.values.x', undefined, 'X'],
  ['var', undefined, 'VAR'],
  ['variant.x', undefined, 'VARIANT_X'],
  ['a.b.c.d.e', undefined, 'A_B_C_D'],
  ['steps.build.outputs.image', 'expression', 'IMAGE'],
  ['steps.build.outputs.image', undefined, 'STEPS_BUILD_OUTPUTS_IMAGE'],
  ["fromJSON('1').x }}", 'expression', 'X'],
  ['1 + 1', 'expression', 'IMAGE'],
  ['a-b:cde', undefined, 'A_B'],
  ['a-b:c', 'reference', 'A_B_C'],
  ['a-b\n:c', undefined, 'A_B'],
  ['1-2', undefined, 'IMAGE'],
  ['', undefined, 'IMAGE'],
])('%j (%s) is the variable %s', (text, form, name) => expect(variableName(text, form)).toBe(name));

test('in the order of the text, each piece of it once, and 50 of them', () => {
  expect(foreignIn('#A# $B <C> {{D}}').map(({ name }) => name)).toEqual(['A', 'B', 'C', 'D']);
  expect(foreignIn('<{{A}}> {{ <B> }}').map(({ text }) => text)).toEqual(['{{A}}', '{{ <B> }}']);
  expect(foreignIn('$A$B').map(({ index }) => index)).toEqual([0, 2]);
  expect(foreignIn('$A '.repeat(60))).toHaveLength(50);
});

test('a long value takes no time', () => {
  const texts = [
    '{'.repeat(65_536),
    '<a'.repeat(32_768),
    '__A'.repeat(21_845),
    '$a '.repeat(21_845),
    '#a#'.repeat(21_845),
  ];
  expect(costOf(() => void texts.map(foreignIn))).toBeLessThan(300);
});

test.each([
  'done: <@U123ABC>',
  '<!here> deployed to <#C123|general>',
  '<!subteam^S123|@ops>',
  '<https://example.com/runs|the run>',
  '<mailto:ops@example.com|ops>',
])("Slack's markup is no placeholder: %s", (text) => {
  expect(foreignIn(text)).toEqual([]);
});

test.each(['Logging__LogLevel__Default', 'Serilog__MinimumLevel__Override__System', 'APP__LOG_LEVEL__DEFAULT'])(
  'sections of a name are no placeholders: %s',
  (text) => {
    expect(foreignIn(text)).toEqual([]);
  },
);
