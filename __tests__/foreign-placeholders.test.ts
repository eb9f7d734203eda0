import { foreignIn } from '../src/foreign-placeholders.ts';
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
  // Ours, or none.
  ['arn:aws:iam::aws:policy/x'],
  ['arn:aws:s3:::bucket/ACCOUNT_ID:x'],
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
