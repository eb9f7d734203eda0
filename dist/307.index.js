export const id = 307;
export const ids = [307,790];
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

/***/ 5371:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   O_: () => (/* binding */ differenceTitle),
/* harmony export */   Ze: () => (/* binding */ differenceLines),
/* harmony export */   dJ: () => (/* binding */ differenceMarkdown)
/* harmony export */ });
/* harmony import */ var _escape_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(4031);
/* harmony import */ var _words_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2691);


/** Values longer than this are cut: a definition is read elsewhere. */
const VALUE = 160;
const SIGNS = { added: '+', removed: '-', changed: '~' };
/** One line a difference, aligned, for the log: `~ container app: image  1.4.1 -> 1.5.0`. */
function differenceLines(differences) {
    const shown = differences.map(({ subject }) => (0,_words_js__WEBPACK_IMPORTED_MODULE_0__/* .oneLine */ .TN)(subject, VALUE));
    const width = Math.min(48, Math.max(0, ...shown.map((subject) => subject.length)));
    return differences.map((difference, index) => {
        const value = valueText(difference);
        const subject = shown[index] ?? '';
        return `${SIGNS[difference.kind]} ${value === '' ? subject : `${subject.padEnd(width)}  ${value}`}`;
    });
}
/** As a coloured diff for Markdown; of more than `limit` differences the rest is only counted. */
function differenceMarkdown(differences, limit) {
    const shown = differences.slice(0, limit);
    const lines = shown.flatMap((difference) => {
        const { kind, before, after } = difference;
        const subject = (0,_words_js__WEBPACK_IMPORTED_MODULE_0__/* .oneLine */ .TN)(difference.subject, VALUE);
        const was = before === undefined ? subject : `${subject}: ${(0,_words_js__WEBPACK_IMPORTED_MODULE_0__/* .oneLine */ .TN)(before, VALUE)}`;
        const is = after === undefined ? subject : `${subject}: ${(0,_words_js__WEBPACK_IMPORTED_MODULE_0__/* .oneLine */ .TN)(after, VALUE)}`;
        switch (kind) {
            case 'added':
                return [`+ ${is}`];
            case 'removed':
                return [`- ${was}`];
            case 'changed':
                return before === undefined && after === undefined
                    ? [`! ${subject} (value not shown)`]
                    : [`- ${was}`, `+ ${is}`];
            default:
                return kind;
        }
    });
    const rest = differences.length - shown.length;
    return (0,_escape_js__WEBPACK_IMPORTED_MODULE_1__/* .fenced */ .OF)('diff', rest > 0 ? [...lines, `# and ${(0,_words_js__WEBPACK_IMPORTED_MODULE_0__/* .counted */ .hS)(rest, 'difference')} more`] : lines);
}
function valueText({ kind, before, after }) {
    const [was, is] = [before, after].map((value) => (value === undefined ? undefined : (0,_words_js__WEBPACK_IMPORTED_MODULE_0__/* .oneLine */ .TN)(value, VALUE)));
    switch (kind) {
        case 'added':
            return is ?? '';
        case 'removed':
            return was === undefined ? '' : `was ${was}`;
        case 'changed':
            return was === undefined && is === undefined
                ? 'changed (value not shown)'
                : `${was ?? '(unset)'} -> ${is ?? '(unset)'}`;
    }
}
/** `3 differences`, or that there are none. */
const differenceTitle = (differences, from) => {
    const to = from === undefined ? '' : ` to ${from}`;
    return differences.length === 0 ? `No difference${to}` : `${(0,_words_js__WEBPACK_IMPORTED_MODULE_0__/* .counted */ .hS)(differences.length, 'difference')}${to}`;
};


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

/***/ 4790:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   tellDifferences: () => (/* binding */ tellDifferences),
/* harmony export */   tellHeader: () => (/* binding */ tellHeader),
/* harmony export */   tellMoments: () => (/* binding */ tellMoments),
/* harmony export */   tellOutcome: () => (/* binding */ tellOutcome)
/* harmony export */ });
/* harmony import */ var _difference_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(5371);
/* harmony import */ var _words_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2691);


/** SGR codes alone: a CI log has no cursor. */
const CODES = { red: 31, green: 32, yellow: 33, dim: 2, bold: 1 };
const paint = (console, colour, text) => console.colour && colour && text !== '' ? `\u001b[${CODES[colour]}m${text}\u001b[0m` : text;
/** Before the wait: what is deployed where, in which waves, and where to see it. */
function tellHeader(console, { service, cluster, to, from, image, waves, url }) {
    const instead = from === undefined ? ' (the first deployment)' : from === to ? ' (again)' : ` in place of ${from}`;
    console.line('');
    console.line(paint(console, 'bold', `Deploying ${to} to service ${service}, cluster ${cluster}${instead}`));
    for (const [name, value] of [
        ['image', image],
        ['waves', waves],
        ['console', url],
    ]) {
        if (value)
            console.line(`  ${paint(console, 'dim', `${name}`.padEnd(8))} ${(0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(value, 400)}`);
    }
    console.line('');
}
/** The differences to what runs now: a few as they are, many in a group. */
function tellDifferences(console, differences, from) {
    const lines = (0,_difference_js__WEBPACK_IMPORTED_MODULE_0__/* .differenceLines */ .Ze)(differences).map((line) => paint(console, line.startsWith('+') ? 'green' : line.startsWith('-') ? 'red' : 'yellow', `  ${line}`));
    const title = (0,_difference_js__WEBPACK_IMPORTED_MODULE_0__/* .differenceTitle */ .O_)(differences, from);
    inGroupWhenLong(console, title, title, lines);
}
const MARKS = { normal: ' ', good: '✓', warning: '!', failure: '✗' };
const COLOURS = {
    normal: undefined,
    good: 'green',
    warning: 'yellow',
    failure: 'red',
};
/** So many tasks that did the same in one look get one line. */
const ALIKE = 4;
const LONG = 12;
/** Writes moments as they come: elapsed time, a mark, the text; log tails below their title, long ones in a group. */
function tellMoments(console, startedAt, moments) {
    for (const [moment, ids] of alike(moments)) {
        const time = (0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .elapsed */ .vk)(moment.at, startedAt).padStart(7);
        const [first = '', ...rest] = moment.text.split('\n');
        const line = `${paint(console, 'dim', time)} ${paint(console, COLOURS[moment.severity], `${MARKS[moment.severity]} ${whose(ids)}${(0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(first, 700)}`)}`;
        const tail = rest.map((text) => setOff(console, text));
        if (moment.kind === 'log')
            inGroupWhenLong(console, (0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(first, 300), line, tail);
        else if (moment.kind === 'heartbeat')
            console.line(paint(console, 'dim', `${time}   ${(0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(first, 700)}`));
        else
            console.line(line);
    }
}
/** Tasks that did the same at the same time stand together. */
function alike(moments) {
    const groups = Map.groupBy(moments, (moment) => moment.kind === 'task' ? `${moment.at} ${moment.severity} ${withoutAge(moment.text)}` : moment);
    return [...groups.values()].flatMap((group) => {
        const [first] = group;
        const ids = (members) => members.flatMap(({ kind, taskId }) => (kind === 'task' && taskId ? [taskId] : []));
        if (first && group.length >= ALIKE)
            return [[{ ...first, text: withoutAge(first.text) }, ids(group)]];
        return group.map((moment) => [moment, ids([moment])]);
    });
}
const withoutAge = (text) => text.replace(/ \((?:ran|runs for|asked for) [^()]*\)$/, '');
function whose(ids) {
    const [first] = ids;
    if (first === undefined)
        return '';
    if (ids.length === 1)
        return `task ${(0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .shortId */ .m_)(first)} `;
    return `${ids.length} tasks (${(0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .shortId */ .m_)(first)}, ${ids.length > 2 ? '...' : (0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .shortId */ .m_)(ids[1] ?? '')}) `;
}
/** Lines of a container are set off, so nobody takes them for ours; their indentation (a stack trace) stays. */
const setOff = (console, line) => `          ${paint(console, 'dim', '|')} ${(0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .plain */ .pj)(line.slice(0, 1000)).trimEnd()}`;
/** Few lines below their headline, many in a group of that title. */
function inGroupWhenLong(console, title, headline, lines) {
    const long = lines.length > LONG;
    if (long)
        console.startGroup(title);
    else
        console.line(headline);
    for (const line of lines)
        console.line(line);
    if (long)
        console.endGroup();
}
/** The end, as the last thing in the log: how it ended, why, what to do. */
function tellOutcome(console, outcome) {
    const good = outcome.kind === 'deployed' || outcome.kind === 'unchanged' || outcome.kind === 'started';
    console.line('');
    console.line(paint(console, good ? 'green' : 'red', `${good ? '✓' : '✗'} ${outcome.kind}: ${(0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(outcome.headline, 700)}`));
    const [cause] = outcome.diagnoses;
    if (cause && !good) {
        const evidence = (0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(cause.evidence.text, 700);
        const facts = [
            ['cause', cause.cause],
            ['said', evidence === cause.cause ? '' : `${cause.evidence.surface}: ${evidence}`],
            ['to do', cause.remedy],
            ['see', cause.link ?? ''],
        ];
        for (const [name, value] of facts) {
            if (value)
                console.line(`  ${paint(console, 'bold', `${name}`.padEnd(6))} ${(0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(value, 1000)}`);
        }
    }
    for (const warning of outcome.warnings)
        console.line(paint(console, 'yellow', `! ${(0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(warning, 700)}`));
}


/***/ }),

/***/ 1307:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   planParts: () => (/* binding */ planParts),
/* harmony export */   planSummaryOf: () => (/* binding */ planSummaryOf),
/* harmony export */   planTitle: () => (/* binding */ planTitle),
/* harmony export */   tellChecks: () => (/* binding */ tellChecks),
/* harmony export */   tellPlan: () => (/* binding */ tellPlan),
/* harmony export */   wouldChange: () => (/* binding */ wouldChange)
/* harmony export */ });
/* harmony import */ var _blocks_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3578);
/* harmony import */ var _difference_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5371);
/* harmony import */ var _escape_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(4031);
/* harmony import */ var _links_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(3303);
/* harmony import */ var _live_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(4790);
/* harmony import */ var _words_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(2691);






const wouldChange = ({ differences, settings }) => differences.length + settings.length > 0;
const ICONS = { ok: '✅', warn: '⚠️', skip: '⏭️', bad: '❌' };
const LINES = 300;
/** The plan as a job summary: what would change first, then the checks. Far below 1 MiB. */
function planSummaryOf(plan, run) {
    return `${[planTitle(plan), ...planParts(plan, run, LINES)].join('\n\n')}\n`;
}
function planTitle(plan) {
    const name = (0,_escape_js__WEBPACK_IMPORTED_MODULE_4__/* .code */ .aY)((0,_words_js__WEBPACK_IMPORTED_MODULE_5__/* .oneLine */ .TN)(plan.service.name, 200));
    if (plan.checks.some(({ status }) => status === 'bad'))
        return `## ❌ ${name} could not be deployed`;
    return wouldChange(plan) ? `## 📝 ${name} would change` : `## ✅ ${name} would not change`;
}
function planParts(plan, run, lines) {
    const { service, running, image, differences, settings, waves, checks, warnings } = plan;
    const bad = checks.filter(({ status }) => status === 'bad' || status === 'warn');
    const facts = (0,_blocks_js__WEBPACK_IMPORTED_MODULE_0__/* .table */ .tp)([
        ['Service', `${(0,_escape_js__WEBPACK_IMPORTED_MODULE_4__/* .linked */ .q)(service.name, (0,_links_js__WEBPACK_IMPORTED_MODULE_2__/* .serviceLink */ .oT)(service))} in cluster ${(0,_escape_js__WEBPACK_IMPORTED_MODULE_4__/* .code */ .aY)((0,_words_js__WEBPACK_IMPORTED_MODULE_5__/* .revisionName */ .pd)(service.clusterArn))}`],
        ['Runs now', running && (0,_blocks_js__WEBPACK_IMPORTED_MODULE_0__/* .revisionCell */ .w5)(running)],
        ['Image', image === undefined ? 'is built by the deploy' : (0,_escape_js__WEBPACK_IMPORTED_MODULE_4__/* .code */ .aY)((0,_words_js__WEBPACK_IMPORTED_MODULE_5__/* .oneLine */ .TN)(image, 500))],
        ['Waves', waves && (0,_escape_js__WEBPACK_IMPORTED_MODULE_4__/* .prose */ .CS)((0,_words_js__WEBPACK_IMPORTED_MODULE_5__/* .oneLine */ .TN)(waves, 500))],
        ['Commit', run && (0,_blocks_js__WEBPACK_IMPORTED_MODULE_0__/* .commitOf */ .D3)(run)],
    ]);
    return [
        ...(bad.length > 0 ? [checkList((0,_blocks_js__WEBPACK_IMPORTED_MODULE_0__/* .cut */ .Jj)(bad, 50))] : []),
        ...(warnings.length > 0
            ? [
                (0,_blocks_js__WEBPACK_IMPORTED_MODULE_0__/* .cut */ .Jj)(warnings, 20)
                    .map((text) => `- ⚠️ ${(0,_escape_js__WEBPACK_IMPORTED_MODULE_4__/* .prose */ .CS)((0,_words_js__WEBPACK_IMPORTED_MODULE_5__/* .oneLine */ .TN)(text, 1000))}`)
                    .join('\n'),
            ]
            : []),
        facts,
        ...(differences.length > 0
            ? [
                `**${(0,_difference_js__WEBPACK_IMPORTED_MODULE_1__/* .differenceTitle */ .O_)(differences, running && (0,_words_js__WEBPACK_IMPORTED_MODULE_5__/* .revisionName */ .pd)(running))}**`,
                (0,_difference_js__WEBPACK_IMPORTED_MODULE_1__/* .differenceMarkdown */ .dJ)(differences, lines),
            ]
            : ['The task definition is what runs now.']),
        ...(settings.length > 0 ? ['**Settings of the service**', (0,_difference_js__WEBPACK_IMPORTED_MODULE_1__/* .differenceMarkdown */ .dJ)(settings, lines)] : []),
        ...(checks.length > 0 ? [(0,_escape_js__WEBPACK_IMPORTED_MODULE_4__/* .folded */ .TM)(`Preflight: ${checks.length} checks`, checkList((0,_blocks_js__WEBPACK_IMPORTED_MODULE_0__/* .cut */ .Jj)(checks, 200)))] : []),
    ];
}
const checkList = (checks) => checks.map(({ status, text }) => `- ${ICONS[status]} ${(0,_escape_js__WEBPACK_IMPORTED_MODULE_4__/* .prose */ .CS)((0,_words_js__WEBPACK_IMPORTED_MODULE_5__/* .oneLine */ .TN)(text, 1000))}`).join('\n');
const MARKS = { ok: '✓', warn: '!', skip: '-', bad: '✗' };
/** One line a check, the bad ones last, where the eye is. */
function tellChecks(console, checks) {
    const order = ['ok', 'skip', 'warn', 'bad'];
    for (const status of order)
        for (const check of checks)
            if (check.status === status)
                console.line(`  ${MARKS[status]} ${(0,_words_js__WEBPACK_IMPORTED_MODULE_5__/* .oneLine */ .TN)(check.text, 1000)}`);
}
/** The plan in the log: what would change, and whether anything stands in its way. */
function tellPlan(console, plan) {
    const { differences, settings, running, image, waves, checks, warnings, service } = plan;
    (0,_live_js__WEBPACK_IMPORTED_MODULE_3__.tellDifferences)(console, differences, running && (0,_words_js__WEBPACK_IMPORTED_MODULE_5__/* .revisionName */ .pd)(running));
    if (settings.length > 0) {
        console.line('settings of the service');
        for (const { subject, before, after } of settings)
            console.line(`  ~ ${subject}  ${before === undefined ? '' : `${(0,_words_js__WEBPACK_IMPORTED_MODULE_5__/* .oneLine */ .TN)(before, 200)} -> `}${(0,_words_js__WEBPACK_IMPORTED_MODULE_5__/* .oneLine */ .TN)(after ?? '', 200)}`);
    }
    tellChecks(console, checks);
    for (const warning of warnings)
        console.line(`! ${(0,_words_js__WEBPACK_IMPORTED_MODULE_5__/* .oneLine */ .TN)(warning, 700)}`);
    const how = image === undefined ? 'The image is built by the deploy.' : `Image ${image}.`;
    console.line('');
    console.line(checks.some(({ status }) => status === 'bad')
        ? `✗ ${service.name} could not be deployed.`
        : wouldChange(plan)
            ? `${service.name} would change. ${how} ${waves ?? ''}`.trimEnd()
            : `${service.name} would not change.`);
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
