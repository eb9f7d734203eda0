import fc from 'fast-check';
import { inputForm, inSmallLetters, templateForm, unfilledIn } from '../../src/image/placeholders.ts';
import { parseInputs } from '../../src/inputs/parse.ts';
import { costOf } from '../support/cost.ts';
import { CONTEXT } from '../support/world.ts';

const R = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/web';

/** Reference, what of it is a placeholder, and the form of a template that works here. */
const UNFILLED: readonly (readonly [reference: string, text: string, form: string])[] = [
  // The whole of it.
  ['<IMAGE>', '<IMAGE>', '"${IMAGE}"'],
  ['<image1_name>', '<image1_name>', '"${IMAGE}"'],
  ['<%= image %>', '<%= image %>', '"${IMAGE}"'],
  ['REPLACED_BY_CI', 'REPLACED_BY_CI', '"${IMAGE}"'],
  ['PLACEHOLDER', 'PLACEHOLDER', '"${IMAGE}"'],
  ['placeholder', 'placeholder', '"${IMAGE}"'],
  ['placeholder:latest', 'placeholder:latest', '"${IMAGE}"'],
  ['replace-me', 'replace-me', '"${IMAGE}"'],
  ['changeme', 'changeme', '"${IMAGE}"'],
  ['IMAGE', 'IMAGE', '"${IMAGE}"'],
  ['IMAGE:TAG', 'IMAGE:TAG', '"${IMAGE}"'],
  ['IMAGE_URI', 'IMAGE_URI', '"${IMAGE}"'],
  ['$IMAGE', '$IMAGE', '"${IMAGE}"'],
  ['$(IMAGE)', '$(IMAGE)', '"${IMAGE}"'],
  ['{{image}}', '{{image}}', '"${IMAGE}"'],
  ['{{ .Values.image }}', '{{ .Values.image }}', '"${IMAGE}"'],
  ['{image}', '{image}', '"${IMAGE}"'],
  ['[IMAGE]', '[IMAGE]', '"${IMAGE}"'],
  ['((image))', '((image))', '"${IMAGE}"'],
  ['__IMAGE__', '__IMAGE__', '"${IMAGE}"'],
  ['%IMAGE%', '%IMAGE%', '"${IMAGE}"'],
  ['#IMAGE#', '#IMAGE#', '"${IMAGE}"'],
  ['##IMAGE##', '##IMAGE##', '"${IMAGE}"'],
  ['#{IMAGE}#', '#{IMAGE}#', '"${IMAGE}"'],
  ['@@IMAGE@@', '@@IMAGE@@', '"${IMAGE}"'],
  ['@IMAGE@', '@IMAGE@', '"${IMAGE}"'],
  ['~IMAGE~', '~IMAGE~', '"${IMAGE}"'],
  ['${{ env.IMAGE }}', '${{ env.IMAGE }}', '"${IMAGE}"'],
  // The tag.
  [`${R}:<TAG>`, '<TAG>', `"${R}:\${IMAGE_TAG}"`],
  [`${R}:$TAG`, '$TAG', `"${R}:\${IMAGE_TAG}"`],
  [`${R}:#TAG#`, '#TAG#', `"${R}:\${IMAGE_TAG}"`],
  [`${R}:{{tag}}`, '{{tag}}', `"${R}:\${IMAGE_TAG}"`],
  [`${R}:{{ image.tag }}`, '{{ image.tag }}', `"${R}:\${IMAGE_TAG}"`],
  [`${R}:__TAG__`, '__TAG__', `"${R}:\${IMAGE_TAG}"`],
  [`${R}:%BUILD%`, '%BUILD%', `"${R}:\${BUILD}"`],
  [`${R}:$GIT_SHA`, '$GIT_SHA', `"${R}:\${GIT_SHA}"`],
  [`${R}:\${{ github.sha }}`, '${{ github.sha }}', `"${R}:\${SHA}"`],
  [`${R}:IMAGE_TAG`, 'IMAGE_TAG', `"${R}:\${IMAGE_TAG}"`],
  [`${R}:TAG`, 'TAG', `"${R}:\${IMAGE_TAG}"`],
  [`${R}:VERSION`, 'VERSION', `"${R}:\${VERSION}"`],
  [`${R}:GITHUB_SHA`, 'GITHUB_SHA', `"${R}:\${GITHUB_SHA}"`],
  [`${R}:REPLACE_ME`, 'REPLACE_ME', `"${R}:\${REPLACE_ME}"`],
  [`${R}:replace-me`, 'replace-me', `"${R}:\${REPLACE_ME}"`],
  [`${R}:undefined`, 'undefined', `"${R}:\${UNDEFINED}"`],
  [`${R}:null`, 'null', `"${R}:\${NULL}"`],
  // Host and path.
  [
    '<account>.dkr.ecr.eu-west-1.amazonaws.com/app:1',
    '<account>',
    '"${ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/app:1"',
  ],
  [
    'ACCOUNT_ID.dkr.ecr.eu-west-1.amazonaws.com/app:1',
    'ACCOUNT_ID',
    '"${ACCOUNT_ID}.dkr.ecr.eu-west-1.amazonaws.com/app:1"',
  ],
  [
    'aws_account_id.dkr.ecr.us-west-2.amazonaws.com/app:1',
    'aws_account_id',
    '"${AWS_ACCOUNT_ID}.dkr.ecr.us-west-2.amazonaws.com/app:1"',
  ],
  ['123456789012.dkr.ecr.REGION.amazonaws.com/app:1', 'REGION', '"123456789012.dkr.ecr.${REGION}.amazonaws.com/app:1"'],
  ['123456789012.dkr.ecr.region.amazonaws.com/app:1', 'region', '"123456789012.dkr.ecr.${REGION}.amazonaws.com/app:1"'],
  ['ghcr.io/acme/REPOSITORY:1', 'REPOSITORY', '"ghcr.io/acme/${REPOSITORY}:1"'],
  ['ghcr.io/YOUR_ORG/web:1', 'YOUR_ORG', '"ghcr.io/${YOUR_ORG}/web:1"'],
];

test.each(UNFILLED)('%s holds a placeholder of another tool', (reference, text, form) => {
  const found = unfilledIn(reference);
  expect(found?.text).toBe(text);
  expect(found && templateForm(reference)).toContain(`"image": ${form}`);
});

test.each([
  'nginx',
  'nginx:1',
  'app',
  'image',
  'acme/image:latest',
  'acme/placeholder-service:1',
  'localhost:5000/app:1.2.3',
  'ghcr.io/acme/web:main',
  'ghcr.io/acme/web:RC1',
  'ghcr.io/acme/web:PROD',
  'ghcr.io/acme/web:SNAPSHOT',
  'ghcr.io/acme/web:V2_BUILD_7',
  'ghcr.io/acme/web__api:1',
  'acme/web--api:1',
  'public.ecr.aws/docker/library/nginx:1',
  `${R}:v1.2.3`,
  `${R}:sha-0123abc`,
  `${R}@sha256:${'a'.repeat(64)}`,
  `${R}:1@sha256:${'a'.repeat(64)}`,
  '123456789012.dkr-ecr.eu-west-1.on.aws/app:1',
  '123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com/app:1',
  '123456789012.dkr.ecr.us-iso-east-1.c2s.ic.gov/app:1',
  `${R}:\${TAG}`,
  '${IMAGE}',
])('%s holds none', (reference) => {
  expect(unfilledIn(reference)).toBeUndefined();
});

test('a reference that a registry takes holds none, whatever its names', () => {
  const part = fc.stringMatching(/^[a-z0-9]{1,8}(?:[._-][a-z0-9]{1,8}){0,2}$/);
  const tag = fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,12}[0-9]$/);
  fc.assert(
    fc.property(fc.array(part, { minLength: 2, maxLength: 4 }), tag, (path, name) => {
      expect(unfilledIn(`${path.join('/')}:${name}`)).toBeUndefined();
      expect(inSmallLetters(`${path.join('/')}:${name}`)).toBeUndefined();
    }),
  );
});

test('a long text takes no time', () => {
  const texts = [
    '{'.repeat(65_536),
    '<'.repeat(65_536),
    '__A'.repeat(21_845),
    '$'.repeat(65_536),
    'A_'.repeat(32_768),
    '#a'.repeat(32_768),
  ];
  expect(costOf(() => void texts.map(unfilledIn))).toBeLessThan(300);
});

test.each([
  ['acme/Web:V1', 'acme/web:V1'],
  ['Acme/web', 'acme/web'],
  ['Web', 'web'],
  ['localhost/Web', 'localhost/web'],
  ['Localhost/web', 'localhost/web'],
  ['Host:5000/Web:V1', 'Host:5000/web:V1'],
  ['GHCR.io/Acme/web', 'GHCR.io/acme/web'],
  ['localhost:5000/App', 'localhost:5000/app'],
  [`App@sha256:${'A'.repeat(64)}`, `app@sha256:${'A'.repeat(64)}`],
  ['app:TAG', undefined],
])('capitals in %s', (reference, small) => {
  expect(inSmallLetters(reference)).toBe(small);
});

describe('the input image', () => {
  const read = (image: string) =>
    parseInputs(new Map(Object.entries({ 'aws-region': 'eu-west-1', service: 'web', image })), {
      context: CONTEXT,
      env: {},
    });
  test.each([
    ['$IMAGE', /`\$IMAGE` was not expanded: no shell reads.*Write `\$\{\{ env\.IMAGE \}\}`/],
    ['${IMAGE}', /was not expanded.*`\$\{\{ env\.IMAGE \}\}`/],
    ['$(IMAGE)', /was not expanded/],
    [`${R}:$TAG`, /`\$TAG` was not expanded.*env\.TAG/],
    [
      '{{ steps.build.outputs.image }}',
      /the `\$` before the braces is missing\. Write `\$\{\{ steps\.build\.outputs\.image \}\}`/,
    ],
    ['${{ env.X }}', /GitHub did not evaluate/],
    ['<IMAGE>', /placeholder that nothing has filled.*`\$\{\{ steps\.build\.outputs\.image \}\}`/],
    ['REPLACED_BY_CI', /placeholder that nothing has filled/],
    ['acme/Web:1', /has capitals.*Write `acme\/web:1`/],
  ])('%s is refused with what to write', (image, says) => {
    let told = '';
    try {
      read(image);
    } catch (thrown) {
      told = (thrown as { describe(): string }).describe();
    }
    expect(told).toMatch(says);
    expect(told.match(/ {2}- image:/g)).toHaveLength(1);
  });

  test.each([
    ['nginx', true],
    [R, true],
    ['localhost:5000/app', true],
    ['localhost:5000/app:1', false],
    [`${R}:1`, false],
    [`${R}@sha256:${'a'.repeat(64)}`, false],
  ])('%s without a tag is noted: %s', (image, noted) => {
    const { notes } = read(image);
    expect(notes.some((note) => note.includes('names neither a tag nor a digest, so `latest` is deployed'))).toBe(
      noted,
    );
  });
});

test.each<[string, string, string]>([
  [
    '${{ steps.build.outputs.image }}',
    '`${{ steps.build.outputs.image }}` is an expression that GitHub did not evaluate.',
    'Write it unquoted and unescaped in the `with:` block of the step.',
  ],
  [
    '{{ env.IMAGE }}',
    '`{{ env.IMAGE }}` is not an expression: the `$` before the braces is missing.',
    'Write `${{ env.IMAGE }}`.',
  ],
  ['$IMAGE', '`$IMAGE` was not expanded: no shell reads the `with:` block.', 'Write `${{ env.IMAGE }}`.'],
  ['%image%', '`%image%` was not expanded: no shell reads the `with:` block.', 'Write `${{ env.IMAGE }}`.'],
  [
    '<IMAGE>',
    '`<IMAGE>` is a placeholder that nothing has filled.',
    'Give the image, such as `${{ steps.build.outputs.image }}`.',
  ],
  ['PLACEHOLDER_X', '`PLACEHOLDER_X` is a placeholder that nothing has filled.', 'Give the image'],
])('what the input `image` says of %s', (text, problem, remedy) => {
  const found = unfilledIn(text);
  expect(found && inputForm(found)).toEqual({ problem, remedy: expect.stringContaining(remedy) });
});

test.each([
  [`${R}:PLACEHOLDER_X`, 'PLACEHOLDER_X'],
  [`${R}:REPLACED`, 'REPLACED'],
  [`${R}:REPLACE-THIS`, 'REPLACE-THIS'],
  [`${R}:CHANGEME`, 'CHANGEME'],
  [`${R}:TODO`, 'TODO'],
  [`${R}:TBD`, 'TBD'],
  [`${R}:YOUR_VERSION_HERE`, 'YOUR_VERSION_HERE'],
  [`${R}:APP_BUILD_NUMBER`, 'APP_BUILD_NUMBER'],
  [`${R}:RUN_ID`, 'RUN_ID'],
  [`${R}:None`, 'None'],
  ['TODO', 'TODO'],
  ['tbd', 'tbd'],
  ['to-do:latest', 'to-do:latest'],
  ['  TODO  ', 'TODO'],
  ['host/TODO', undefined],
  [`${R}:REPLACE`, 'REPLACE'],
  [`${R}:TO_DO`, 'TO_DO'],
  [`${R}:CHANGE-ME`, 'CHANGE-ME'],
  [`${R}:SET_BY_CI`, 'SET_BY_CI'],
  [`${R}:A_B_COMMIT`, 'A_B_COMMIT'],
  [`${R}:BUILD_ID`, 'BUILD_ID'],
  [`${R}:changeme`, 'changeme'],
  [`${R}:change_me`, 'change_me'],
  [`${R}:xplaceholder`, undefined],
  [`${R}:commit`, undefined],
  [`${R}:XTODO`, undefined],
  [`${R}:TODOX`, undefined],
  [`${R}:none`, undefined],
  ['todo-app', undefined],
  ['todo-app:1', undefined],
  ['changelog:1', undefined],
  ['replacer', undefined],
  ['placeholder-service', undefined],
  ['image:latest', undefined],
  ['replace-with-image', 'replace-with-image'],
  ['Replaced_By_CI:x', 'Replaced_By_CI:x'],
  ['change-this', 'change-this'],
  ['my-placeholder', undefined],
  ['acme/NAMES:1', undefined],
  ['acme/MY-IMAGE-X:1', undefined],
])('%s: the placeholder is %s', (reference, text) => expect(unfilledIn(reference)?.text).toBe(text));

test('a form of the template names the whole image, its tag, or a variable with what fills it', () => {
  const form = (reference: string): string => {
    const found = unfilledIn(reference);
    return found ? templateForm(reference) : '';
  };
  expect(form(' <IMAGE>:latest ')).toContain('Write `"image": "${IMAGE}"` and give the image by the input `image`');
  expect(form(`${R}:<TAG>`)).toBe(
    `Write \`"image": "${R}:\${IMAGE_TAG}"\` and \`IMAGE_TAG=...\` in the input \`variables\`, or \`\${IMAGE}\` for the whole reference of the image of this run.`,
  );
  expect(form(`${R}:\${{ github.sha }}`)).toBe(
    `Write \`"image": "${R}:\${SHA}"\` and \`SHA=\${{ github.sha }}\` in the input \`variables\`.`,
  );
  expect(form(`${R}:<image>`)).toContain('${IMAGE_TAG}');
  expect(form(`${R}:<%= 1.2 %>`)).toContain('${IMAGE_TAG}');
});
