export const id = 473;
export const ids = [473,790];
export const modules = {

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


/***/ }),

/***/ 7108:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   afterwards: () => (/* binding */ afterwards)
/* harmony export */ });
/* harmony import */ var _failure_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1633);
/* harmony import */ var _report_account_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(1914);
/* harmony import */ var _service_restore_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(8025);
/* harmony import */ var _service_watch_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(1088);
/* harmony import */ var _world_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(3079);
/* harmony import */ var _settle_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(7382);






/** GitHub ends everything five minutes after a cancel. */
const TIME_SECONDS = 240;
/** ECS's clock and ours may differ a little. */
const SKEW_SECONDS = 30;
/**
 * What post does for a main that was cancelled, killed or blinded after it had announced a deployment: looks what became of it,
 * undoes it where `on-cancel: rollback` asks for that, and says what state the service is in. Nothing is left half done unsaid.
 */
async function afterwards(intent, inputs, world) {
    const account = new _report_account_js__WEBPACK_IMPORTED_MODULE_1__/* .Account */ .g(world);
    const [[service], next] = await Promise.all([
        world.ecs.describeServices(intent.cluster, [intent.service]),
        world.ecs.describeTaskDefinition(intent.next),
    ]);
    const facts = {
        differences: [],
        warnings: [],
        diagnoses: [],
        timeline: account.moments,
        ...(service ? { service } : {}),
        revision: next,
    };
    const cancelled = (headline) => ({ ...facts, kind: 'cancelled', headline });
    if (!service)
        return cancelled(`The service ${intent.service} is gone.`);
    const ours = ourDeployment(service, intent);
    const runs = service.taskDefinitionArn.split('/').at(-1);
    if (!ours) {
        const restored = service.taskDefinitionArn === intent.previous && intent.deployment !== undefined;
        const left = await withdraw(next, service, intent, world);
        const what = restored ? `${(0,_world_js__WEBPACK_IMPORTED_MODULE_5__/* .nameOf */ .V)(next)} was rolled back` : `${(0,_world_js__WEBPACK_IMPORTED_MODULE_5__/* .nameOf */ .V)(next)} was not deployed`;
        return cancelled(`The run ended early. ${what}; ${service.name} runs ${runs}.${left}`);
    }
    const deployment = pin(ours, intent);
    if (ours.id !== service.deployments.find(({ status }) => status === 'PRIMARY')?.id)
        return cancelled(`The run ended early; ${service.name} is brought to ${runs} by a newer deployment or ECS's rollback.`);
    if (inputs.recovery.onCancel === 'rollback')
        return putBack(deployment, service, cancelled, world, account);
    const counts = `${ours.runningCount} of ${ours.desiredCount} tasks run`;
    return ours.rolloutState === 'COMPLETED'
        ? cancelled(`The run ended early, but ECS went on: ${(0,_world_js__WEBPACK_IMPORTED_MODULE_5__/* .nameOf */ .V)(next)} is deployed, ${counts}.${(0,_settle_js__WEBPACK_IMPORTED_MODULE_4__/* .undo */ .tN)(deployment)}`)
        : cancelled(`The run ended early; ECS goes on rolling out ${(0,_world_js__WEBPACK_IMPORTED_MODULE_5__/* .nameOf */ .V)(next)}: ${counts} so far.${(0,_settle_js__WEBPACK_IMPORTED_MODULE_4__/* .undo */ .tN)(deployment)}`);
}
/** The one that main began, known by its id or, where the answer never came, by its revision and time. */
const ourDeployment = (service, { deployment, next, at }) => service.deployments.find(({ id, taskDefinitionArn, createdAt }) => deployment === undefined ? taskDefinitionArn === next && createdAt >= at - SKEW_SECONDS : id === deployment);
const pin = ({ id, createdAt }, { cluster, service, next, previous }) => ({
    cluster,
    service,
    id,
    taskDefinitionArn: next,
    ...(previous === next ? {} : { previousTaskDefinitionArn: previous }),
    startedAt: createdAt,
    timeoutSeconds: Number.POSITIVE_INFINITY,
    noProgressSeconds: Number.POSITIVE_INFINITY,
});
/** A revision of ours that nothing runs is taken away; the word of it, or nothing. */
async function withdraw(next, service, intent, { ecs }) {
    const used = service.deployments.some(({ taskDefinitionArn }) => taskDefinitionArn === next.arn);
    if (!intent.registered || used || next.status !== 'ACTIVE' || intent.deployment !== undefined)
        return '';
    try {
        await ecs.deregisterTaskDefinition(next.arn);
        return ` The unused ${(0,_world_js__WEBPACK_IMPORTED_MODULE_5__/* .nameOf */ .V)(next)} was deregistered.`;
    }
    catch (thrown) {
        return ` The unused ${(0,_world_js__WEBPACK_IMPORTED_MODULE_5__/* .nameOf */ .V)(next)} could not be deregistered: ${(0,_failure_js__WEBPACK_IMPORTED_MODULE_0__/* .asFailure */ .h)(thrown).message}`;
    }
}
/** Follows a rollback that main began, or begins it, as far as the time goes. */
async function putBack(deployment, service, cancelled, world, account) {
    const previous = deployment.previousTaskDefinitionArn?.split('/').at(-1) ?? '';
    const serviceDeployment = await (0,_service_restore_js__WEBPACK_IMPORTED_MODULE_2__/* .unfinished */ .M1)(service.clusterArn, service.name, world.ecs);
    const restoring = await (0,_service_restore_js__WEBPACK_IMPORTED_MODULE_2__/* .restore */ .PF)(deployment, { service, ...(serviceDeployment ? { serviceDeployment } : {}) }, world);
    if (restoring.kind === 'nothing-before')
        return cancelled(`The run ended early, and there is no revision before ${deployment.taskDefinitionArn.split('/').at(-1)} to put back.`);
    account.step(`putting ${previous} back (${restoring.by})`);
    try {
        const limited = {
            ...restoring.deployment,
            timeoutSeconds: world.clock.now() - restoring.deployment.startedAt + TIME_SECONDS,
        };
        const { verdict } = await (0,_service_watch_js__WEBPACK_IMPORTED_MODULE_3__/* .watch */ .w)(limited, world, account.listener(limited));
        const done = verdict.kind === 'rolled-back' || verdict.kind === 'succeeded';
        return cancelled(done
            ? `The run was cancelled, and ${previous} was put back: ${service.name} runs it.`
            : `The run was cancelled; putting ${previous} back is under way in ECS (${verdict.kind}).`);
    }
    catch (thrown) {
        return cancelled(`The run was cancelled; ECS was told to put ${previous} back: ${(0,_failure_js__WEBPACK_IMPORTED_MODULE_0__/* .asFailure */ .h)(thrown).message}`);
    }
}


/***/ })

};
