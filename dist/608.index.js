export const id = 608;
export const ids = [608];
export const modules = {

/***/ 3578:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   D3: () => (/* binding */ commitOf),
/* harmony export */   Gg: () => (/* binding */ titleOf),
/* harmony export */   Jj: () => (/* binding */ cut),
/* harmony export */   Vp: () => (/* binding */ runUrl),
/* harmony export */   be: () => (/* binding */ verdictBlock),
/* harmony export */   tp: () => (/* binding */ table),
/* harmony export */   w5: () => (/* binding */ revisionCell),
/* harmony export */   wd: () => (/* binding */ factsTable)
/* harmony export */ });
/* unused harmony export ICONS */
/* harmony import */ var _escape_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(4031);
/* harmony import */ var _links_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3303);
/* harmony import */ var _words_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2691);



const ICONS = {
    deployed: '✅',
    unchanged: '✅',
    started: '🚀',
    'rolled-back': '❌',
    failed: '❌',
    superseded: '⚠️',
    cancelled: '⚠️',
    paused: '⏸️',
};
const TITLES = {
    deployed: 'is deployed',
    unchanged: 'runs already, nothing was changed',
    started: 'is being deployed, not watched',
    'rolled-back': 'failed and was rolled back',
    failed: 'failed',
    superseded: 'was superseded',
    cancelled: 'was cancelled',
    paused: 'is paused',
};
/** Cells and paragraphs are cut at this; whoever writes longer names does not want to read them here. */
const TEXT = 1500;
function titleOf({ kind, service, revision, deployment }) {
    const what = revision
        ? `${revision.family}:${revision.revision}`
        : deployment
            ? (0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .revisionName */ .pd)(deployment.taskDefinitionArn)
            : 'The deploy';
    const where = service ? ` on ${(0,_escape_js__WEBPACK_IMPORTED_MODULE_2__/* .code */ .aY)((0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(service.name, 200))}` : '';
    return `${ICONS[kind]} ${what === 'The deploy' ? what : (0,_escape_js__WEBPACK_IMPORTED_MODULE_2__/* .code */ .aY)(what)}${where} ${TITLES[kind]}`;
}
/** The verdict in one paragraph; a diagnosis first where there is one, as GitHub's own alert. */
function verdictBlock({ kind, headline, diagnoses, warnings }) {
    const good = kind === 'deployed' || kind === 'unchanged' || kind === 'started';
    const [first, ...others] = diagnoses;
    const alert = kind === 'failed' || kind === 'rolled-back' ? 'CAUTION' : 'WARNING';
    return [
        (0,_escape_js__WEBPACK_IMPORTED_MODULE_2__/* .prose */ .CS)((0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(headline, TEXT)),
        ...(first ? [good ? listOf([first, ...others]) : diagnosisBlock(first, alert)] : []),
        ...(!good && others.length > 0 ? [`Also seen:\n\n${listOf(others)}`] : []),
        ...(warnings.length > 0
            ? [['> [!WARNING]', ...cut(warnings, 10).map((warning) => `> - ${(0,_escape_js__WEBPACK_IMPORTED_MODULE_2__/* .prose */ .CS)((0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(warning, TEXT))}`)].join('\n')]
            : []),
    ].join('\n\n');
}
function diagnosisBlock({ cause, remedy, link, evidence }, alert) {
    const said = (0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(evidence.text, TEXT);
    return [
        `> [!${alert}]`,
        `> **Cause:** ${(0,_escape_js__WEBPACK_IMPORTED_MODULE_2__/* .prose */ .CS)((0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(cause, TEXT))}`,
        ...(said === '' || said === cause ? [] : ['>', `> **Evidence:** ${(0,_escape_js__WEBPACK_IMPORTED_MODULE_2__/* .code */ .aY)(said)} (${(0,_escape_js__WEBPACK_IMPORTED_MODULE_2__/* .code */ .aY)(evidence.surface)})`]),
        ...(remedy === '' ? [] : ['>', `> **What to do:** ${(0,_escape_js__WEBPACK_IMPORTED_MODULE_2__/* .prose */ .CS)((0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(remedy, TEXT))}`]),
        ...(link ? ['>', `> ${anchor("AWS's page on this", link)}`] : []),
    ].join('\n');
}
const listOf = (diagnoses) => cut(diagnoses, 5)
    .map(({ cause, remedy }) => `- ${(0,_escape_js__WEBPACK_IMPORTED_MODULE_2__/* .prose */ .CS)((0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(cause, TEXT))} ${(0,_escape_js__WEBPACK_IMPORTED_MODULE_2__/* .prose */ .CS)((0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(remedy, TEXT))}`)
    .join('\n');
const anchor = (text, address) => /^https:\/\/[^\s<>"'()[\]\\`|]+$/.test(address)
    ? `<a href="${address.replaceAll('&', '&amp;')}">${text}</a>`
    : (0,_escape_js__WEBPACK_IMPORTED_MODULE_2__/* .code */ .aY)(address);
/** What was deployed, where and from which commit, each name with its page in the console. */
function factsTable(outcome, run) {
    const { service, image, deployment, timeline } = outcome;
    const finishedAt = timeline.at(-1)?.at;
    const rows = [
        [
            'Service',
            service && `${(0,_escape_js__WEBPACK_IMPORTED_MODULE_2__/* .linked */ .q)(service.name, (0,_links_js__WEBPACK_IMPORTED_MODULE_0__/* .serviceLink */ .oT)(service))} in cluster ${(0,_escape_js__WEBPACK_IMPORTED_MODULE_2__/* .code */ .aY)((0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .revisionName */ .pd)(service.clusterArn))}`,
        ],
        ['Revision', revisionsOf(outcome)],
        ['Image', image && (0,_escape_js__WEBPACK_IMPORTED_MODULE_2__/* .linked */ .q)((0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(image.reference, TEXT), (0,_links_js__WEBPACK_IMPORTED_MODULE_0__/* .repositoryLink */ .l)(image.repository, image.digest))],
        ['Platforms', image?.platforms && codes(image.platforms)],
        ['Tags', image && image.tags.length > 0 ? codes(image.tags) : undefined],
        ['Running', runningOf(outcome)],
        ['Deployment', deployment && (0,_escape_js__WEBPACK_IMPORTED_MODULE_2__/* .linked */ .q)(deployment.id, service && (0,_links_js__WEBPACK_IMPORTED_MODULE_0__/* .deploymentsLink */ .HG)(service))],
        ['Took', deployment && finishedAt !== undefined ? (0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .duration */ .p0)(finishedAt - deployment.startedAt) : undefined],
        ['Commit', run && commitOf(run)],
    ];
    return table(rows);
}
function table(rows) {
    const told = rows.filter(([, value]) => value !== undefined && value !== '');
    return ['| | |', '| :--- | :--- |', ...told.map(([name, value]) => `| **${name}** | ${value} |`)].join('\n');
}
function revisionsOf({ revision, previous, deployment }) {
    const now = revision?.arn ?? deployment?.taskDefinitionArn;
    const before = previous?.arn ?? deployment?.previousTaskDefinitionArn;
    if (!now)
        return undefined;
    return before && before !== now ? `${revisionCell(before)} → ${revisionCell(now)}` : revisionCell(now);
}
const revisionCell = (arn) => (0,_escape_js__WEBPACK_IMPORTED_MODULE_2__/* .linked */ .q)((0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .revisionName */ .pd)(arn), (0,_links_js__WEBPACK_IMPORTED_MODULE_0__/* .revisionLink */ .uE)(arn));
function runningOf({ verdict, image }) {
    if (verdict?.kind !== 'succeeded')
        return undefined;
    const digests = Object.entries(verdict.digests).map(([container, digest]) => {
        const same = digest === image?.digest ? 'the digest pushed' : (0,_escape_js__WEBPACK_IMPORTED_MODULE_2__/* .code */ .aY)(digest);
        return `${(0,_escape_js__WEBPACK_IMPORTED_MODULE_2__/* .code */ .aY)(container)}: ${same}`;
    });
    const tasks = `${verdict.runningCount} ${verdict.runningCount === 1 ? 'task' : 'tasks'}`;
    return digests.length > 0 ? `${tasks}, ${cut(digests, 10).join(', ')}` : tasks;
}
function commitOf({ sha, serverUrl, repository, refName, actor }) {
    if (sha === '')
        return undefined;
    const commit = (0,_escape_js__WEBPACK_IMPORTED_MODULE_2__/* .linked */ .q)(sha.slice(0, 12), repository === '' ? undefined : `${serverUrl}/${repository}/commit/${sha}`);
    return `${commit}${refName === '' ? '' : ` of ${(0,_escape_js__WEBPACK_IMPORTED_MODULE_2__/* .code */ .aY)(refName)}`}${actor === '' ? '' : ` by ${(0,_escape_js__WEBPACK_IMPORTED_MODULE_2__/* .code */ .aY)(actor)}`}`;
}
/** The page of this run. */
const runUrl = ({ serverUrl, repository, runId, runAttempt }) => `${serverUrl}/${repository}/actions/runs/${runId}/attempts/${runAttempt}`;
const codes = (names) => cut(names, 20)
    .map((name) => (0,_escape_js__WEBPACK_IMPORTED_MODULE_2__/* .code */ .aY)((0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(name, 200)))
    .join(' ');
/** The first of them; that there are more is seen from the log. */
const cut = (items, limit) => items.slice(0, limit);


/***/ }),

/***/ 4031:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   CS: () => (/* binding */ prose),
/* harmony export */   EC: () => (/* binding */ preformatted),
/* harmony export */   OF: () => (/* binding */ fenced),
/* harmony export */   TM: () => (/* binding */ folded),
/* harmony export */   aY: () => (/* binding */ code),
/* harmony export */   q: () => (/* binding */ linked)
/* harmony export */ });
/* harmony import */ var _words_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2691);

/**
 * Text from outside (names, reasons, log lines) inside Markdown of GitHub's. Everything that means something to Markdown or
 * HTML becomes a character reference, which neither reads as markup; so no text can end a table row, a code block or
 * a folded part, or make a link, an image or a comment.
 */
const MEANINGFUL = /[&<>"'`*_~|[\]()\\#!${}]/g;
const reference = (character) => `&#${character.codePointAt(0)};`;
/**
 * Prose on one line. GitHub looks for mentions, issue numbers, emoji (`:secret:` is one) and addresses after the references
 * are resolved, but not inside `<code>`: that is where words go that have the look of a name, so they can be copied whole.
 */
function prose(text) {
    const words = (0,_words_js__WEBPACK_IMPORTED_MODULE_0__/* .plain */ .pj)(text).split(/\s+/).filter(Boolean);
    const shown = words.map((word) => {
        if (/^\W*:\S+:\W*$/.test(word))
            return code(word);
        const [, before = '', name = '', after = ''] = /^(["'`([]*)(.*?)(["'`)\].,;:!?]*)$/.exec(word) ?? [];
        const named = /\S:\S|@|#\d|www\.|\w_\w/i.test(name);
        return named ? escaped(before) + code(name) + escaped(after) : escaped(word);
    });
    return shown.join(' ').replace(/^([-+=>]|\d+(?=[.)]))/, '\u2060$1');
}
const escaped = (text) => text.replaceAll(MEANINGFUL, reference);
/** Names and values on one line, copied as they are: GitHub links and calls nobody inside `<code>`. */
function code(text) {
    const line = (0,_words_js__WEBPACK_IMPORTED_MODULE_0__/* .plain */ .pj)(text).replaceAll(/\s+/g, ' ').trim();
    return line === '' ? '' : `<code>${escaped(line)}</code>`;
}
/** Many lines, shown as they are. A `<pre>` ends at `</pre>` alone, and no `<` is left in it. */
function preformatted(text) {
    return `<pre>\n${(0,_words_js__WEBPACK_IMPORTED_MODULE_0__/* .plain */ .pj)(text).replaceAll(/[&<>]/g, reference)}\n</pre>`;
}
/** Lines in a fence longer than any run of backticks among them. */
function fenced(language, lines) {
    const text = lines.map((line) => (0,_words_js__WEBPACK_IMPORTED_MODULE_0__/* .plain */ .pj)(line).replaceAll(/\s+/g, ' ')).join('\n');
    const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
    const fence = '`'.repeat(longest + 1);
    return `${fence}${language}\n${text}\n${fence}`;
}
/** A link where the address is known, else the name alone. The address comes from links.ts, which encodes its parts. */
function linked(name, address) {
    if (!address || !/^https:\/\/[^\s<>"'()[\]\\`|]+$/.test(address))
        return code(name);
    return `<a href="${address.replaceAll('&', '&amp;')}">${code(name)}</a>`;
}
/** A folded part. The empty lines let Markdown work inside. */
const folded = (title, content) => `<details><summary>${prose(title)}</summary>\n\n${content}\n\n</details>`;


/***/ }),

/***/ 3303:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   HG: () => (/* binding */ deploymentsLink),
/* harmony export */   l: () => (/* binding */ repositoryLink),
/* harmony export */   oT: () => (/* binding */ serviceLink),
/* harmony export */   uE: () => (/* binding */ revisionLink)
/* harmony export */ });
/* unused harmony exports taskLink, logStreamLink */
/**
 * Pages of the AWS console. Undefined where the partition's console is not known to us (the secret regions) or where
 * an ARN is none; the report then shows the name alone.
 */
/** Hosts by partition: https://docs.aws.amazon.com/awsconsolehelpdocs/latest/gsg/regional-availability.html */
const CONSOLES = {
    aws: 'console.aws.amazon.com',
    'aws-cn': 'console.amazonaws.cn',
    'aws-us-gov': 'console.amazonaws-us-gov.com',
    'aws-eusc': 'console.amazonaws-eusc.eu',
};
function arnParts(arn) {
    const [, partition, region, resource] = /^arn:([a-z0-9-]+):[a-z0-9-]+:([a-z0-9-]+):\d*:(.+)$/.exec(arn) ?? [];
    return partition && region && resource ? { partition, region, resource } : undefined;
}
function page({ partition, region }, path, view = '') {
    const host = Object.hasOwn(CONSOLES, partition) ? CONSOLES[partition] : undefined;
    if (!host)
        return undefined;
    const parts = path.map((part) => encodeURIComponent(part).replaceAll("'", '%27').replaceAll('%3A', ':'));
    return `https://${region}.${host}/${parts.join('/')}${view}?region=${region}`;
}
const last = (arnOrName) => arnOrName.slice(arnOrName.lastIndexOf('/') + 1);
const serviceLink = (service) => ofService(service, '/health');
/** The service's deployments; the newest, ours, on top. */
const deploymentsLink = (service) => ofService(service, '/deployments');
function ofService({ arn, clusterArn, name }, view) {
    const parts = arnParts(arn);
    return parts && page(parts, ['ecs', 'v2', 'clusters', last(clusterArn), 'services', name], view);
}
/** A revision, `arn:aws:ecs:REGION:ACCOUNT:task-definition/FAMILY:REVISION`. */
function revisionLink(arn) {
    const parts = arnParts(arn);
    const [, family, revision] = /^task-definition\/([^:]+):(\d+)$/.exec(parts?.resource ?? '') ?? [];
    return parts && family && revision
        ? page(parts, ['ecs', 'v2', 'task-definitions', family, revision], '/containers')
        : undefined;
}
/** A task, `arn:aws:ecs:REGION:ACCOUNT:task/CLUSTER/ID`, of the old format without the cluster. */
function taskLink(arn, cluster) {
    const parts = arnParts(arn);
    return parts?.resource.startsWith('task/')
        ? page(parts, ['ecs', 'v2', 'clusters', last(cluster), 'tasks', last(arn)], '/configuration')
        : undefined;
}
/** A log stream. The page reads its path from the fragment, where it wants it encoded twice, with `$` for `%`. */
function logStreamLink(place, group, stream) {
    const twice = (text) => encodeURIComponent(encodeURIComponent(text)).replaceAll('%', '$');
    const home = page(place, ['cloudwatch', 'home']);
    return home && `${home}#logsV2:log-groups/log-group/${twice(group)}/log-events/${twice(stream)}`;
}
const PRIVATE = /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.(?:com(?:\.cn)?|eu)|on\.(?:aws|amazonwebservices\.com\.cn))\/(.+)$/;
/** A repository (or one image in it, by digest) from `host/name`, as image references begin. Undefined outside ECR. */
function repositoryLink(repository, digest) {
    const [, gallery] = /^public\.ecr\.aws\/([\w./-]+)$/.exec(repository) ?? [];
    if (gallery)
        return `https://gallery.ecr.aws/${gallery}`;
    const [, accountId, region, name] = PRIVATE.exec(repository) ?? [];
    if (!accountId || !region || !name)
        return undefined;
    const path = ['ecr', 'repositories', 'private', accountId, ...name.split('/')];
    const place = { partition: partitionOf(region), region };
    return digest ? page(place, [...path, '_', 'image', digest], '/details') : page(place, path);
}
function partitionOf(region) {
    if (region.startsWith('cn-'))
        return 'aws-cn';
    if (region.startsWith('us-gov-'))
        return 'aws-us-gov';
    if (region.startsWith('eusc-'))
        return 'aws-eusc';
    return region.startsWith('us-iso') ? 'aws-iso' : 'aws';
}


/***/ }),

/***/ 9608:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   targetRow: () => (/* binding */ targetRow),
/* harmony export */   targetsSummary: () => (/* binding */ targetsSummary),
/* harmony export */   tellTargets: () => (/* binding */ tellTargets)
/* harmony export */ });
/* harmony import */ var _blocks_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3578);
/* harmony import */ var _escape_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(4031);
/* harmony import */ var _words_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2691);



const targetRow = ({ revision, deployedAt, current, problems, commits: [commit], ref }) => ({
    revision: revision.arn.slice(revision.arn.lastIndexOf('/') + 1),
    arn: revision.arn,
    ...(deployedAt === undefined ? {} : { deployedAt: new Date(deployedAt * 1000).toISOString() }),
    ...(commit ? { commit } : {}),
    ...(ref ? { ref } : {}),
    images: revision.definition.containerDefinitions.map(({ image }) => image),
    current,
    usable: problems.length === 0,
    problems,
});
const stateOf = ({ current, usable, problems }) => current ? 'runs now' : usable ? 'usable' : problems.join('; ');
const refOf = (ref) => ref?.replace(/^refs\/(?:tags|heads)\//, '') ?? '';
const dayOf = (at) => at?.slice(0, 16).replace('T', ' ') ?? '';
/** A plain table in the log. */
function tellTargets(console, rows, guessed) {
    const cells = [
        ['revision', 'deployed (UTC)', 'ref', 'commit', 'state'],
        ...rows.map((row) => [
            row.revision,
            dayOf(row.deployedAt),
            refOf(row.ref),
            row.commit?.slice(0, 12) ?? '',
            stateOf(row),
        ]),
    ].map((row) => row.map((cell) => (0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(cell, 120)));
    const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
    for (const row of cells)
        console.line(row
            .map((cell, column) => cell.padEnd(widths[column] ?? 0))
            .join('  ')
            .trimEnd());
    if (rows.length === 0)
        console.line('There is nothing to go back to.');
    if (guessed)
        console.line(`${guessed}: these are the revisions of the family, not proven to have run well.`);
}
/** The same as a job summary. */
function targetsSummary(service, rows, guessed) {
    const line = (row) => `| ${[(0,_blocks_js__WEBPACK_IMPORTED_MODULE_0__/* .revisionCell */ .w5)(row.arn), (0,_escape_js__WEBPACK_IMPORTED_MODULE_2__/* .prose */ .CS)(dayOf(row.deployedAt)), (0,_escape_js__WEBPACK_IMPORTED_MODULE_2__/* .code */ .aY)(refOf(row.ref)), (0,_escape_js__WEBPACK_IMPORTED_MODULE_2__/* .code */ .aY)(row.commit?.slice(0, 12) ?? ''), (0,_escape_js__WEBPACK_IMPORTED_MODULE_2__/* .prose */ .CS)((0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(stateOf(row), 300))].join(' | ')} |`;
    return `${[
        `## ${(0,_escape_js__WEBPACK_IMPORTED_MODULE_2__/* .code */ .aY)(service.name)} can go back to`,
        rows.length === 0
            ? 'There is nothing to go back to.'
            : [
                '| Revision | Deployed (UTC) | Ref | Commit | State |',
                '| --- | --- | --- | --- | --- |',
                ...(0,_blocks_js__WEBPACK_IMPORTED_MODULE_0__/* .cut */ .Jj)(rows, 50).map(line),
            ].join('\n'),
        ...(guessed ? [(0,_escape_js__WEBPACK_IMPORTED_MODULE_2__/* .prose */ .CS)(`${guessed}: these are the revisions of the family, not proven to have run well.`)] : []),
        'Run the rollback with `mode: rollback` and one of these as `rollback-to`.',
    ].join('\n\n')}\n`;
}


/***/ }),

/***/ 2691:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Iu: () => (/* binding */ capitalised),
/* harmony export */   KE: () => (/* binding */ listed),
/* harmony export */   TN: () => (/* binding */ oneLine),
/* harmony export */   hS: () => (/* binding */ counted),
/* harmony export */   m_: () => (/* binding */ shortId),
/* harmony export */   p0: () => (/* binding */ duration),
/* harmony export */   pd: () => (/* binding */ revisionName),
/* harmony export */   pj: () => (/* binding */ plain),
/* harmony export */   vk: () => (/* binding */ elapsed)
/* harmony export */ });
/** `web:42` of a task definition's ARN, `ecs-svc/2` of itself: what people call a thing. */
const revisionName = (arn) => arn.slice(arn.lastIndexOf('/') + 1);
/** The eight characters by which people tell tasks apart; an id that is no plain id stays readable. */
const shortId = (taskId) => oneLine(taskId, 36).slice(0, 8);
/** 7 -> `7 s`, 80 -> `1 min 20 s`, 3720 -> `1 h 2 min`. Negative (clocks differ) counts as nothing. */
function duration(seconds) {
    const whole = Math.max(0, Math.round(seconds));
    const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
    if (hours > 0)
        return minutes > 0 ? `${hours} h ${minutes} min` : `${hours} h`;
    if (minutes > 0)
        return rest > 0 ? `${minutes} min ${rest} s` : `${minutes} min`;
    return `${rest} s`;
}
/** Time since the start as a clock shows it: `0:05`, `12:30`, `1:02:03`. */
function elapsed(at, startedAt) {
    const whole = Math.max(0, Math.round(at - startedAt));
    const two = (number) => String(number).padStart(2, '0');
    const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
    return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
/** `1 task`, `3 tasks`. */
const counted = (count, noun) => `${count} ${noun}${count === 1 ? '' : 's'}`;
/** Without ANSI sequences and control characters, which a log line of a container may well have. */
function plain(text) {
    return (text
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
        .replaceAll(/\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\^_])/g, '')
        .replaceAll(/[^\P{Cc}\n\t]|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, ' '));
}
/** On one line, at most `limit` characters, the end cut away and the cut shown. */
function oneLine(text, limit) {
    // Of a very long text only the beginning is looked at; ANSI sequences and white space may make it shorter.
    const line = plain(text.slice(0, 4 * limit + 1000))
        .replaceAll(/\s+/g, ' ')
        .trim();
    const characters = line.length > limit ? [...line] : [];
    return characters.length > limit
        ? `${characters
            .slice(0, limit - 3)
            .join('')
            .trimEnd()}...`
        : line;
}
/** `a`, `a and b`, `a, b and c`. */
function listed(items) {
    return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
/** As a sentence's beginning. */
const capitalised = (text) => text.charAt(0).toUpperCase() + text.slice(1);


/***/ })

};
