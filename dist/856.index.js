export const id = 856;
export const ids = [856];
export const modules = {

/***/ 856:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   annotationOfFailure: () => (/* binding */ annotationOfFailure),
/* harmony export */   annotationsOf: () => (/* binding */ annotationsOf)
/* harmony export */ });
/* harmony import */ var _words_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2691);

/** GitHub shows 10 of a kind for a step and cuts each at 4096; more than a few are read by nobody. */
const WARNINGS = 5;
const LENGTH = 4000;
const LINE = 1200;
/** For a run that went wrong one error, the root cause in one line; and the warnings, each once. */
function annotationsOf(outcome) {
    const { kind, service, diagnoses, headline } = outcome;
    const where = service ? `${(0,_words_js__WEBPACK_IMPORTED_MODULE_0__/* .oneLine */ .TN)(service.name, 100)}: ` : '';
    const error = (title) => {
        const [cause] = diagnoses;
        const text = cause ? sentences([cause.cause, cause.remedy]) : sentences([headline]);
        return { kind: 'error', title: `${where}${title}`, text };
    };
    return [...main(), ...warningsOf(outcome.warnings, where)];
    function main() {
        switch (kind) {
            case 'deployed':
            case 'unchanged':
            case 'started':
                return [];
            case 'failed':
                return [error('the deployment failed')];
            case 'rolled-back':
                return [error('the deployment failed and was rolled back')];
            case 'superseded':
            case 'cancelled':
            case 'paused':
                return [{ kind: 'error', title: `${where}${kind}`, text: sentences([headline]) }];
        }
    }
}
function warningsOf(warnings, where) {
    const distinct = [...new Set(warnings.map((warning) => sentences([warning])))];
    const rest = distinct.length - WARNINGS;
    const shown = rest > 0 ? distinct.slice(0, WARNINGS - 1) : distinct;
    const more = rest > 0 ? [`${(0,_words_js__WEBPACK_IMPORTED_MODULE_0__/* .counted */ .hS)(rest + 1, 'more warning')}: see the job summary.`] : [];
    return [...shown, ...more].map((text) => ({ kind: 'warning', title: `${where}warning`, text }));
}
/** A failure before there was any outcome: every mistake at once, as `describe` tells it. */
function annotationOfFailure(failure) {
    const lines = failure.describe().split('\n');
    return {
        kind: 'error',
        title: 'ECS Rollout',
        text: lines
            .map((line) => indented(line))
            .join('\n')
            .slice(0, LENGTH),
    };
}
const indented = (line) => (/^\s+-/.test(line) ? '  ' : '') + (0,_words_js__WEBPACK_IMPORTED_MODULE_0__/* .oneLine */ .TN)(withoutJson(line), LINE);
const sentences = (parts) => parts
    .map((part) => (0,_words_js__WEBPACK_IMPORTED_MODULE_0__/* .oneLine */ .TN)(withoutJson(part), LINE))
    .filter((part) => part !== '')
    .map((part) => (/[.!?:]$/.test(part) ? part : `${part}.`))
    .join(' ');
/**
 * Some services answer in JSON, and a text that we do not know is shown as it is: of an object only its message is
 * for people. What only looks like JSON stays.
 */
function withoutJson(text) {
    const start = text.indexOf('{');
    const end = text.lastIndexOf('}');
    if (start < 0 || end < start)
        return text;
    try {
        const value = JSON.parse(text.slice(start, end + 1));
        return `${text.slice(0, start)}${messageIn(value) ?? '(details in the log)'}${text.slice(end + 1)}`;
    }
    catch {
        return text;
    }
}
function messageIn(value) {
    if (typeof value !== 'object' || value === null)
        return undefined;
    for (const [key, inner] of Object.entries(value)) {
        if (/^(?:error_?)?message$/i.test(key) && typeof inner === 'string')
            return inner;
        const deeper = messageIn(inner);
        if (deeper !== undefined)
            return deeper;
    }
    return undefined;
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
