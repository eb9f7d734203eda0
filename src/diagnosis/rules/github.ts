import type { Fault } from '../diagnosis.ts';
import { ANY_BUILDER, ANYWHERE, AWS, type Found, LOGINS, maybe, type Rule } from './rule.ts';

const DOCS = 'https://docs.github.com/en/actions';

/** Rights of GITHUB_TOKEN by the path of the API that was refused: https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps */
const SCOPES: readonly (readonly [RegExp, string])[] = [
  [/\/pulls\b|pull ?request/i, 'pull-requests'],
  [/\/deployments\b|deployment/i, 'deployments'],
  [/\/check-(?:runs|suites)\b/i, 'checks'],
  [/\/statuses\b/i, 'statuses'],
  [/\/issues\b|comment/i, 'issues'],
  [/\/actions\b|workflow|artifact/i, 'actions'],
  [/\/packages\b|ghcr\.io/i, 'packages'],
  [
    /\/(?:contents|releases|git|tags|refs)\b|release|git push|github\.com\/[\w.-]{1,100}\/[\w.-]{1,100}\.git/i,
    'contents',
  ],
];
const scopeIn = (text: string): string | undefined => SCOPES.find(([words]) => words.test(text))?.[1];

/** The file of the runner that a command of its name writes to. */
const fileOf = (command: string | undefined): string => `GITHUB_${(command ?? 'output').toUpperCase()}`;

/** Which file it is, and where: of a workflow that is called, what its caller is blamed for stands in the other. */
function invalidFile(text: string): string {
  const { called, at } =
    /Error from called workflow (?<called>[\w./@-]{3,300}) (?<at>\(Line: \d{1,6}, Col: \d{1,6}\))/.exec(text)?.groups ??
    {};
  if (called !== undefined) return `The workflow ${called}, which this one calls, is not valid ${at}`;
  return `The workflow file is not valid${maybe(/\(Line: \d{1,6}, Col: \d{1,6}\)/.exec(text)?.[0])}`;
}

/** What GitHub's parser says of the place, for the faults that users make most. */
function faultOfWorkflow(text: string): { readonly cause: string; readonly remedy: string } | undefined {
  const symbol = /Unexpected symbol: (?<quote>['"])(?<symbol>[^\n]{1,100}?)\k<quote>(?=[.,]|$)/m.exec(text)?.groups
    ?.symbol;
  if (symbol !== undefined && /^"/.test(symbol))
    return {
      cause: `: an expression has a text in double quotes (${symbol})`,
      remedy: `Write '${symbol.replace(/"/g, '')}' there: texts of an expression stand in single quotes.`,
    };
  if (symbol !== undefined && /^\$\{?\w/.test(symbol)) {
    const variable = symbol.replace(/[${}]/g, '');
    return {
      cause: `: ${symbol} is a variable of the shell and stands in an expression, which knows only contexts`,
      remedy: `Write \${{ env.${variable} }} there (or vars., secrets., steps.ID.outputs. for where it comes from); $${variable} works only inside of \`run\`, outside of \${{ }}.`,
    };
  }
  if (symbol !== undefined)
    return {
      cause: `: ${symbol} cannot stand in an expression`,
      remedy:
        'Correct the expression at that place: texts stand in single quotes, names of contexts without quotes, and a name with a dash or other signs is written with brackets (steps.build.outputs["image-tag"]).',
    };
  const context = /Unrecognized named-value: ['"](?<context>[\w.-]{1,80})['"]/.exec(text)?.groups?.context;
  if (context !== undefined)
    return {
      cause: `: the context ${context} is not available at that place`,
      remedy:
        context === 'jobs'
          ? 'Write needs.JOB.outputs.NAME there and list the job in `needs`: `jobs` is known only in the outputs of a workflow that is called.'
          : `Use a context that GitHub has there (its table of contexts lists them), or pass the value of ${context} on by \`env\`, inputs or outputs.`,
    };
  const shape =
    /(?<shape>A (?:mapping|sequence) was not expected|Required property is missing: [\w-]{1,40}|'[\w-]{1,40}' is already defined)/.exec(
      text,
    )?.groups?.shape;
  if (shape !== undefined)
    return {
      cause: `: ${shape.replace(/^A (\w)/, 'a $1')}`,
      remedy: /mapping/.test(shape)
        ? 'Write a plain value there: a key with a colon and a blank (or an entry of the wrong indentation) has made a mapping of it; quote a value that holds ": ".'
        : `Correct what stands there: ${shape.replace(/^A sequence was not expected$/, 'a list (-) stands where one value belongs')}.`,
    };
  if (/Unexpected value ''/.test(text))
    return {
      cause: ': the value at that place is empty, as the expression there gave nothing',
      remedy:
        'See what the expression at that line takes: an output of another job must stand in its `outputs` and that job in `needs`, and GitHub hands on no output that holds a secret (the masked password of amazon-ecr-login: set mask-password: false, or log in inside of the job). A secret or variable of that name must exist for this run.',
    };
  const key = /Unexpected value ['"](?<key>[\w-]{1,80})['"]/.exec(text)?.groups?.key;
  return key === undefined
    ? undefined
    : {
        cause: `: the key or value ${key} does not belong at that place`,
        remedy: `Correct ${key} at the line that the message names: its spelling, its indentation (it may belong one level higher or lower), or the place where GitHub takes it (actionlint shows it).`,
      };
}

interface Row {
  readonly match: RegExp;
  readonly failure: Fault;
  readonly transient?: true;
  readonly cause: string | ((found: Found) => string);
  readonly remedy: string | ((found: Found) => string);
  readonly link: string;
}

/** What GitHub itself refuses to a workflow, its jobs and the GitHub CLI. */
const ROWS: readonly Row[] = [
  {
    match:
      /Artifact not found for name:? ?(?<name>[\w .-]{1,120})|Unable to (?:find|download) (?:any |the )?artifacts?\b(?:.{0,80}?(?:name:? |named )["'`]?(?<name2>[\w.-]{1,120}))?|No artifacts? (?:with (?:the )?name .{1,120} )?(?:was |were )?found/i,
    failure: 'missing',
    cause: ({ words: { name, name2 } }) =>
      `The workflow run has no artifact${maybe(name ?? name2)}: the job that uploads it did not run, failed or runs at the same time, it used another name, or it belongs to another run.`,
    remedy:
      'Let the job that downloads wait for the one that uploads (`needs`), and give both the same name. An artifact of another run needs run-id and github-token (with `actions: read`) of actions/download-artifact; versions before v4 and v4 of upload and download do not know the artifacts of each other.',
    link: `${DOCS}/tutorials/store-and-share-data`,
  },
  {
    match:
      /(?<kind>Branch|Tag) ["'](?<ref>[^"'\n]{1,200})["'] is not allowed to deploy to (?<environment>.{1,100}?) due to environment protection rules/i,
    failure: 'denied',
    cause: ({ words: { kind = 'Branch', ref, environment } }) =>
      `The environment${maybe(environment)} does not take deployments of the ${kind.toLowerCase()}${maybe(ref)} (its rule for branches and tags).`,
    remedy: ({ words: { kind = 'Branch', ref, environment } }) =>
      `Run the workflow from a branch or tag that is allowed, or add ${ref ?? 'it'} as a ${kind.toLowerCase()} rule: repository settings, Environments, ${environment ?? 'the environment'}, Deployment branches and tags. A rule for branches does not allow a tag of the same name.`,
    link: `${DOCS}/reference/workflows-and-actions/deployments-and-environments`,
  },
  {
    match:
      /deployment was rejected or didn't satisfy other protection rules|environment protection rules (?:were|are) not (?:satisfied|met)/i,
    failure: 'denied',
    cause:
      'A reviewer rejected the deployment to the environment of the job, or one of its protection rules did not let it through.',
    remedy:
      'See the page of the run for who rejected it and why, then run the job again and have it approved (repository settings, Environments: required reviewers, wait timer, custom rules).',
    link: `${DOCS}/reference/workflows-and-actions/deployments-and-environments`,
  },
  {
    match: /set the GH_TOKEN environment variable|please run:? +gh auth login/i,
    failure: 'missing',
    cause: 'The GitHub CLI has no token: the step does not set GH_TOKEN.',
    remedy:
      'Add `env: GH_TOKEN: ${{ github.token }}` to the step, and the `permissions` that the command needs to the job.',
    link: `${DOCS}/how-tos/write-workflows/choose-what-workflows-do/use-github-cli`,
  },
  {
    match: /Resource not accessible by (?<who>integration|personal access token)/i,
    failure: 'denied',
    cause: ({ words: { who = '' } }) =>
      `GitHub refuses the request: ${/personal/i.test(who) ? 'the personal access token' : 'GITHUB_TOKEN of the job'} does not have the right for it.`,
    remedy: ({ text, words: { who = '' } }) =>
      /personal/i.test(who)
        ? `Give the token the permission${scopeIn(text) ? ` (${scopeIn(text)})` : ''} and the repository (fine-grained tokens name both), or use GITHUB_TOKEN with \`permissions\`.`
        : `Add the permission to the job (${scopeIn(text) === undefined ? '`permissions`: contents, pull-requests, deployments or what else the request is about, with write' : `\`permissions: ${scopeIn(text)}: write\``}): what \`permissions\` does not list the token does not have. A workflow that is called gets at most the rights of its caller, and pull requests from forks and Dependabot only read.`,
    link: `${DOCS}/reference/workflows-and-actions/workflow-syntax#permissions`,
  },
  {
    match:
      /workflow (?<name>[\w./-]{1,200}) not found on the default branch|could not find any workflows named (?<name2>[\w./-]{1,200})/i,
    failure: 'missing',
    cause: ({ words: { name, name2 } }) =>
      `GitHub finds no workflow${maybe(name ?? name2)} on the default branch of the repository: only workflows that exist there can be started or listed by name.`,
    remedy:
      'Merge the file to .github/workflows of the default branch first, then start it for any branch (gh workflow run FILE --ref BRANCH); or correct its name (gh workflow list) and the repository.',
    link: `${DOCS}/how-tos/manage-workflow-runs/manually-run-a-workflow`,
  },
  {
    match: /does not have ['"]?workflow_dispatch['"]? trigger/i,
    failure: 'invalid',
    cause:
      'The workflow cannot be started by hand or by a call: its `on` does not have workflow_dispatch on that branch.',
    remedy:
      'Add `workflow_dispatch:` below `on` of the workflow, on the default branch and on the branch that is started.',
    link: `${DOCS}/how-tos/manage-workflow-runs/manually-run-a-workflow`,
  },
  {
    match:
      /Unexpected inputs provided: ?(?<name>\[?[^\n\]]{1,120})|Required input ['"](?<name2>[\w-]{1,100})['"] not provided/i,
    failure: 'invalid',
    cause: ({ words: { name, name2 } }) =>
      name2 === undefined
        ? `The workflow that is started does not have these inputs${maybe(name?.replace(/[[\]"\\]/g, ''))}.`
        : `The workflow that is started needs the input ${name2}, and the call does not send it.`,
    remedy:
      'Compare the inputs of the call with `on.workflow_dispatch.inputs` of the workflow on the branch that is started: GitHub reads them there.',
    link: `${DOCS}/reference/workflows-and-actions/workflow-syntax#onworkflow_dispatchinputs`,
  },
  {
    match:
      /^(?:Warning: |##\[warning\])?Unexpected input\(s\) (?<names>'[^\n]{1,200}?'), valid inputs are \[(?<known>[^\]\n]{0,600})/m,
    failure: 'invalid',
    cause: ({ words: { names = '' } }) =>
      `The action, in the release that \`uses\` names, has no input ${names} and ignores the value: it is an input of another release (a README shows the newest code, which may not be released), of another action, or written otherwise.`,
    remedy: ({ words: { names = '', known = '' } }) =>
      `Look for ${names} in action.yml of exactly that release${known === '' ? '' : ` (it has ${known.replaceAll("'", '').slice(0, 200)})`}. Where a newer release has it, name that one in \`uses\`; otherwise take the input out or correct its name.`,
    link: `${DOCS}/reference/workflows-and-actions/metadata-syntax#inputs`,
  },
  {
    match:
      /(?:Cannot find (?:module|package) ['"](?<name>[^'"\n]{1,200})['"][\s\S]{0,400}?|File not found: ['"][^'"\n]{0,200}?)[/\\]_actions[/\\](?<action>[\w.-]{1,80}[/\\][\w.-]{1,100})[/\\](?<ref>[^/\\\s]{1,100})/,
    failure: 'missing',
    cause: ({ words: { name, action, ref } }) =>
      `The action ${action?.replace('\\', '/') ?? ''} is not whole at ${ref ?? 'that commit'}: its own code asks for ${name ?? 'the file that it starts with'}, which was not bundled or committed there. The application and its image have no part in it.`,
    remedy:
      'Name a release of that action in `uses` (its newest tag, or the commit that the tag points to): a branch or a commit between releases may have no built code. In an action of your own bundle it with its dependencies (ncc, esbuild) and commit the result.',
    link: `${DOCS}/how-tos/create-and-publish-actions/release-and-maintain-actions`,
  },
  {
    match:
      /^(?<script>(?:\S{0,120}\/)?(?:ecs-deploy|deploy[\w.-]{0,40}|[\w.-]{1,40}[-_]deploy(?:\.\w{1,5})?)|\S{0,120}\/(?:_work|_temp|runner\/work|builds)\/\S{1,120}): (?:line )?(?<at>\d{1,6}): (?<name>\w{1,80}): (?:unbound variable|parameter not set)/m,
    failure: 'missing',
    cause: ({ words: { script = '', at, name } }) =>
      `The script ${script}, which deploys and runs on the machine of the job, uses its variable ${name ?? ''} in line ${at ?? '?'} without having set it: the way that it took with these options does not set it.`,
    remedy: ({ words: { script = '', name } }) =>
      `Look in ${script} for where ${name ?? 'it'} is set and on which option that depends: a published script has a fault there or wants another option (use its newest release, or correct it); in one of your own set ${name ?? 'it'} on every way, or write \${${name ?? 'NAME'}:-}.`,
    link: 'https://www.gnu.org/software/bash/manual/html_node/The-Set-Builtin.html',
  },
  {
    match: /No ref found for:? ?(?<ref>[\w./-]{1,200})/,
    failure: 'missing',
    cause: ({ words: { ref } }) => `The repository has no branch or tag${maybe(ref)}.`,
    remedy: 'Push the branch or tag first, or correct `ref` of the call (a branch or tag; a commit alone is none).',
    link: `${DOCS}/how-tos/manage-workflow-runs/manually-run-a-workflow`,
  },
  {
    match: /\bBad credentials\b.{0,120}(?:401|api\.github\.com|docs\.github\.com)|HTTP 401: Bad credentials/i,
    failure: 'denied',
    cause: 'GitHub does not know the token: it has expired, was revoked or is not the whole token.',
    remedy:
      'Put a new token into the secret, without spaces and line breaks, or use GITHUB_TOKEN (`${{ github.token }}`) where the request is about this repository.',
    link: `${DOCS}/concepts/security/github_token`,
  },
  {
    match: /(?:API rate limit exceeded|secondary rate limit|abuse detection)(?!.{0,200}docker)/i,
    failure: 'throttled',
    transient: true,
    cause: "The rate limit of GitHub's API for this token, installation or address is reached.",
    remedy:
      'Wait until it is reset (gh api rate_limit shows when), and make fewer calls. A request without a token has 60 an hour for all that share the address: send GITHUB_TOKEN.',
    link: 'https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api',
  },
  {
    match:
      /Unable to resolve action ['"`]?(?<action>[\w./@-]{3,200}?)['"`]?,? (?:unable to find version|repository not found|not found)/i,
    failure: 'missing',
    cause: ({ words: { action } }) =>
      `The action${maybe(action)} does not exist, or has no such version (tag, branch or commit).`,
    remedy:
      'Correct `uses` to OWNER/NAME@VERSION with a tag that exists (the page of its releases). An action of a private repository must let this one use it (its settings, Actions, Access).',
    link: `${DOCS}/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsuses`,
  },
  {
    match: /GitHub Actions is not permitted to create or approve pull requests/i,
    failure: 'denied',
    cause: 'The repository or organization does not let workflows create or approve pull requests with GITHUB_TOKEN.',
    remedy:
      'Turn on "Allow GitHub Actions to create and approve pull requests" (settings of the repository and of the organization, Actions, General), with `permissions: pull-requests: write` for the job; or use the token of a GitHub App.',
    link: `${DOCS}/concepts/security/github_token`,
  },
  {
    match:
      /nested job ['"](?<job>[\w-]{1,100})['"] is requesting ['"](?<wanted>[^'"\n]{3,200})['"],? but is only allowed/i,
    failure: 'denied',
    cause: ({ words: { job, wanted } }) =>
      `The job${maybe(job)} of the workflow that is called asks for more rights than its caller has${wanted === undefined ? '' : ` (${wanted})`}.`,
    remedy: ({ words: { wanted } }) =>
      `Give the job that calls it, or the whole calling workflow, these \`permissions\`${wanted === undefined ? '' : `: ${wanted}`}. A workflow that is called has at most the rights of its caller.`,
    link: `${DOCS}/how-tos/reuse-automations/reuse-workflows`,
  },
  {
    match:
      /workflow (?:file )?is not valid\.?|The template is not valid|Invalid workflow file|error parsing called workflow|Unrecognized named-value: ['"](?<name>[\w.-]{1,80})/i,
    failure: 'invalid',
    cause: ({ text, words: { name } }) =>
      `${invalidFile(text)}${name === undefined ? (faultOfWorkflow(text)?.cause ?? '') : `: the context ${name} is not available at that place`}.`,
    remedy: ({ text, words: { name } }) =>
      (name === undefined ? faultOfWorkflow(text)?.remedy : undefined) ??
      (name === 'secrets'
        ? "Pass the secret to the job as `env` and test that (`if: env.TOKEN != ''`): `secrets` may not stand in `if`. In a workflow that is called declare it below `on.workflow_call.secrets`."
        : 'Correct the line that the message names: indentation, a key that GitHub does not know, an expression in a place that does not take that context (actionlint finds all of them).'),
    link: `${DOCS}/reference/workflows-and-actions/contexts`,
  },
  {
    match: /Secret (?<name>[\w-]{1,100}) is required, but not provided while calling/i,
    failure: 'missing',
    cause: ({ words: { name } }) =>
      `The workflow that is called needs the secret${maybe(name)}, and the caller does not pass it.`,
    remedy:
      'Pass it in the job that calls (`secrets:` with its name, or `secrets: inherit`), and create it in the repository, organization or environment.',
    link: `${DOCS}/how-tos/reuse-automations/reuse-workflows`,
  },
  {
    match:
      /Unable to process file command ['"](?<file>\w{2,20})['"] successfully|Invalid (?:format|value)\. Matching delimiter not found/i,
    failure: 'invalid',
    cause: ({ words: { file } }) =>
      `A step wrote a line to ${fileOf(file)} that is not of the form NAME=VALUE: as a rule a value of several lines.`,
    remedy: ({ words: { file } }) =>
      `Write a value of several lines with a delimiter: \`{ echo "NAME<<EOF"; echo "$VALUE"; echo EOF; } >> "$${fileOf(file)}"\`; for JSON make one line of it (jq -c).`,
    link: `${DOCS}/reference/workflows-and-actions/workflow-commands#multiline-strings`,
  },
  {
    match:
      /refusing to allow an? .{1,60}? to create or update workflow .{1,200}? without [`'"]?workflows?[`'"]? (?:permission|scope)/i,
    failure: 'denied',
    cause:
      'The push changes a file below .github/workflows, and the token may not change workflows; GITHUB_TOKEN never may.',
    remedy:
      'Push with a token of a GitHub App or a personal access token that has the permission workflows (scope workflow), or leave the workflow files out of the push.',
    link: 'https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps',
  },
  {
    match: /Permission to (?<repository>[\w./-]{3,200}?)(?:\.git)? denied to (?<who>[\w[\]-]{1,100})/,
    failure: 'denied',
    cause: ({ words: { repository, who } }) =>
      `${who ?? 'The token'} may not push to the repository${maybe(repository)}.`,
    remedy: ({ words: { who = '' } }) =>
      /github-actions/.test(who)
        ? 'Give the job `permissions: contents: write`; another repository needs a token of its own (GitHub App, fine-grained personal access token or deploy key).'
        : 'Use a token or deploy key that may write to that repository (contents: write), and check which one git uses (persist-credentials of actions/checkout).',
    link: `${DOCS}/reference/workflows-and-actions/workflow-syntax#permissions`,
  },
  {
    match:
      /job was not started because (?:recent account payments have failed|your account is locked|your spending limit)/i,
    failure: 'exhausted',
    cause:
      'GitHub does not start the job: the billing of the account or organization (payment, spending limit, included minutes) does not allow it.',
    remedy:
      'Correct payment method or spending limit in Billing & plans of the account or organization, or use a self-hosted runner.',
    link: 'https://docs.github.com/en/billing/concepts/product-billing/github-actions',
  },
];

export const GITHUB: readonly Rule[] = ROWS.map(
  ({ match, failure, transient, cause, remedy, link }): Rule => ({
    id: 'github-refused',
    nature: transient ? 'ambiguous' : 'permanent',
    surfaces: ['api.ecs', 'api.sts', 'api.ecr', 'buildx.stderr'],
    producers: [...AWS, ...LOGINS, ...ANY_BUILDER],
    launch: ANYWHERE,
    subject: 'request',
    failure,
    ...(transient ? { transient } : {}),
    match: [match],
    unless: /ID ?Token|docker\.io|toomanyrequests/i,
    cause,
    remedy,
    link,
  }),
);
