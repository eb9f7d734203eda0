export const id = 275;
export const ids = [275];
export const modules = {

/***/ 1914:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  g: () => (/* binding */ Account)
});

// EXTERNAL MODULE: ./src/report/live.ts
var live = __webpack_require__(4790);
// EXTERNAL MODULE: ./src/service/snapshot.ts
var service_snapshot = __webpack_require__(823);
// EXTERNAL MODULE: ./src/report/words.ts
var words = __webpack_require__(2691);
;// CONCATENATED MODULE: ./src/report/events.ts

const targetGroup = (text) => /targetgroup\/([^/\s)]+)/.exec(text)?.[1] ?? text;
/**
 * AWS's wordings: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html, and
 * deployments seen. The service's name in front is taken off first. Reasons stay verbatim: people search for them.
 */
const WORDINGS = [
    {
        match: /^has started (\d+) tasks? (?:in ([\w-]+) )?to AZ Rebalance/i,
        severity: 'normal',
        weight: 'notable',
        tell: ([count, zone], tasks) => `ECS started ${tasksOf(count, tasks)}${zone ? ` in ${zone}` : ''} to balance the zones`,
    },
    {
        match: /^has started (\d+) tasks?:/,
        severity: 'normal',
        weight: 'progress',
        tell: ([count], tasks) => `ECS started ${tasksOf(count, tasks)}`,
    },
    {
        match: /^(?:has )?stopped (\d+) (running|pending) tasks?/,
        severity: 'normal',
        weight: 'notable',
        tell: ([count, state], tasks) => `ECS stopped ${tasksOf(count, tasks, state)}`,
    },
    {
        match: /^has begun draining connections on (\d+) tasks?/,
        severity: 'normal',
        weight: 'notable',
        tell: ([count], tasks) => `connections of ${tasksOf(count, tasks)} are draining`,
    },
    {
        match: /^(de)?registered (\d+) targets? in \(target-group ([^)]+)\)/,
        severity: 'normal',
        weight: 'notable',
        tell: ([from, count, group]) => `${(0,words/* counted */.hS)(Number(count), 'target')} ${from ? 'left' : 'joined'} target group ${targetGroup(group ?? '')}`,
    },
    {
        match: /^has reached a steady state/,
        severity: 'normal',
        weight: 'notable',
        tell: () => 'the service is in a steady state',
    },
    {
        match: /^deployment completed/,
        severity: 'good',
        weight: 'notable',
        tell: () => 'ECS has completed the deployment',
    },
    {
        match: /^(?:deployment \S+ )?deployment failed: (.+)$/s,
        severity: 'failure',
        weight: 'end',
        tell: ([reason]) => `ECS gave the deployment up: ${reason}`,
    },
    {
        match: /^rolling back to deployment (\S+?)\.?$/,
        severity: 'failure',
        weight: 'end',
        tell: ([to = '']) => `ECS rolls back to ${to.startsWith('ecs-svc/') ? 'deployment ' : ''}${to}`,
    },
    {
        match: /^was unable to place (?:a task|tasks)\.? (?:Reason:|because) (.+)$/s,
        severity: 'warning',
        weight: 'notable',
        tell: ([reason]) => `ECS could not place a task: ${withoutPointer(reason ?? '')}`,
    },
    {
        match: /^failed to launch a task with \(error (.+?)\)?\.?$/s,
        severity: 'warning',
        weight: 'notable',
        tell: ([error]) => `ECS could not launch a task: ${error}`,
    },
    {
        match: /^is unhealthy in \((target-group|elb) ([^)]+)\) due to \(reason (.+?)\)\.?$/s,
        severity: 'warning',
        weight: 'notable',
        tell: ([, group, reason], tasks) => `${tasks === '' ? 'a task' : `task ${tasks}`} is unhealthy in target group ${targetGroup(group ?? '')}: ${reason}`,
    },
    {
        match: /unable to scale in due to \(reason (.+?)\)\.?$/s,
        severity: 'normal',
        weight: 'notable',
        tell: ([reason]) => `ECS cannot stop old tasks yet: ${reason}`,
    },
    {
        match: /^is not AZ balanced with (.+?)\. AZ Rebalancing in progress/s,
        severity: 'normal',
        weight: 'notable',
        tell: ([zones]) => `ECS balances the zones (${zones})`,
    },
    {
        match: /Successfully set desired count to (\d+)/,
        severity: 'normal',
        weight: 'notable',
        tell: ([count]) => `auto scaling set the desired count to ${count}`,
    },
];
function tasksOf(count, tasks, state = '') {
    const noun = `${state} task`.trim();
    return `${(0,words/* counted */.hS)(Number(count), noun)}${tasks === '' ? '' : ` (${tasks})`}`;
}
const withoutPointer = (text) => text.replace(/\s*For more information, see the Troubleshooting section.*$/s, '').replace(/\.$/, '');
const TASK = /\(task ([^)\s]+)\)/g;
/** Who speaks, in all the ways AWS has written it: the service, a task set, a task, a port, a deployment. */
const SPEAKERS = /^(?:(?:\((?:service|taskSet|task|port|instance|deployment)\s[^)]*\)|service \([^)]*\)|service [^\s()]+)\s+)+/;
/** A service event of ECS (`message` verbatim) in plain words; a wording that we do not know stays as it is. */
function tellEvent(message) {
    const taskIds = [...message.matchAll(TASK)].map(([, id]) => id ?? '');
    const named = taskIds.slice(0, 4).map(words/* shortId */.m_);
    const tasks = (0,words/* listed */.KE)(taskIds.length > 4 ? [...named.slice(0, 3), `${taskIds.length - 3} more`] : named);
    const said = message.replace(SPEAKERS, '').trim();
    for (const { match, severity, weight, tell } of WORDINGS) {
        const parts = match.exec(said);
        if (parts)
            return { text: (0,words/* oneLine */.TN)(tell(parts.slice(1), tasks), 500), severity, weight, taskIds };
    }
    const severity = /\b(?:unable|failed|unhealthy|could not|error|misconfigured|timed out)\b/i.test(said)
        ? 'warning'
        : 'normal';
    return { text: `ECS: ${(0,words/* oneLine */.TN)(withoutPointer(said), 500)}`, severity, weight: 'unknown', taskIds };
}

;// CONCATENATED MODULE: ./src/report/last-words.ts

/**
 * The lines that are new; of a stream that is read again, only what follows the lines told before. Ten tasks that
 * crash in the same words are told as one.
 */
function logsBetween(previous, current) {
    const moments = [];
    const told = new Set([...(previous?.logs.values() ?? [])].map((lines) => lines.join('\n')));
    for (const [key, lines] of current.logs) {
        const fresh = lines.slice(overlap(previous?.logs.get(key) ?? [], lines));
        if (fresh.length === 0 || told.has(lines.join('\n')))
            continue;
        told.add(lines.join('\n'));
        const [taskId = key, container = ''] = key.split('/');
        const exitCode = current.tasks
            .find(({ id }) => id === taskId)
            ?.containers.find(({ name }) => name === container)?.exitCode;
        const exit = exitCode === undefined ? '' : ` (exit code ${exitCode})`;
        const title = `last log lines of task ${(0,words/* shortId */.m_)(taskId)}, container ${container}${exit}`;
        moments.push({ at: current.at, kind: 'log', severity: 'normal', text: [title, ...fresh].join('\n'), taskId });
    }
    for (const [container, hint] of current.logHints ?? []) {
        if (previous?.logHints?.has(container))
            continue;
        moments.push({ at: current.at, kind: 'step', severity: 'normal', text: hint });
    }
    return moments;
}
/** How many of the first lines of `now` are the last of `before`. */
function overlap(before, now) {
    for (let length = Math.min(before.length, now.length); length > 0; length -= 1) {
        if (before.slice(-length).every((line, index) => line === now[index]))
            return length;
    }
    return 0;
}

;// CONCATENATED MODULE: ./src/report/stages.ts


/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html */
const STAGES = {
    RECONCILE_SERVICE: 'ECS reconciles the service',
    PRE_SCALE_UP: 'before new tasks start',
    SCALE_UP: 'new tasks start',
    POST_SCALE_UP: 'new tasks have started',
    TEST_TRAFFIC_SHIFT: 'test traffic moves to the new tasks',
    POST_TEST_TRAFFIC_SHIFT: 'test traffic has moved',
    PRODUCTION_TRAFFIC_SHIFT: 'production traffic moves to the new tasks',
    POST_PRODUCTION_TRAFFIC_SHIFT: 'production traffic has moved',
    BAKE_TIME: 'bake time, both revisions run while alarms are watched',
    CLEAN_UP: 'the old tasks are removed',
};
/** What the deployment as a whole went through: its status, stage, hooks, circuit breaker, alarms, who is PRIMARY. */
function stagesBetween(previous, current, deployment) {
    const known = new Set(previous ? stagesOf(previous, deployment).map(({ text }) => text) : []);
    return stagesOf(current, deployment)
        .filter(({ text }) => !known.has(text))
        .map(({ severity, text }) => ({ at: current.at, kind: 'step', severity, text: (0,words/* oneLine */.TN)(text, 500) }));
}
/** Everything that holds now and is worth a line when it begins to. */
function stagesOf(snapshot, deployment) {
    const { serviceDeployment } = snapshot;
    return [
        ...(serviceDeployment ? fromServiceDeployment(serviceDeployment, snapshot) : []),
        ...rolloutOf(snapshot, deployment),
    ];
}
function fromServiceDeployment(told, snapshot) {
    const stage = told.lifecycleStage;
    const { circuitBreaker: breaker, alarms } = told;
    return [
        ...(/^STOP/.test(told.status)
            ? [warning(`the service deployment is being stopped${told.statusReason ? `: ${told.statusReason}` : ''}`)]
            : []),
        ...(stage
            ? [normal(`stage ${stage}${Object.hasOwn(STAGES, stage) ? `: ${STAGES[stage]}` : ''}${bake(told)}`)]
            : []),
        ...told.hooks.flatMap((hook) => hookText(hook, snapshot)),
        ...(breaker && breaker.failureCount > 0
            ? [warning(`circuit breaker: ${breaker.failureCount} of ${breaker.threshold} failures`)]
            : []),
        ...(breaker?.status === 'TRIGGERED' ? [failure('the circuit breaker has tripped')] : []),
        ...(alarms && alarms.triggered.length > 0
            ? [failure(`${alarms.triggered.length === 1 ? 'alarm' : 'alarms'} ${(0,words/* listed */.KE)(alarms.triggered)} went off`)]
            : []),
    ];
}
const bake = ({ lifecycleStage, bakeTimeMinutes }) => lifecycleStage === 'BAKE_TIME' && bakeTimeMinutes ? ` (${(0,words/* duration */.p0)(bakeTimeMinutes * 60)})` : '';
function hookText(hook, { at }) {
    const name = hook.id ?? hook.targetType ?? 'a lifecycle hook';
    switch (hook.status) {
        case 'AWAITING_ACTION': {
            const until = hook.expiresAt === undefined ? '' : ` until ${clockTime(hook.expiresAt)} UTC`;
            const expired = hook.expiresAt !== undefined && hook.expiresAt < at ? ' (already past)' : '';
            return [warning(`paused at ${name}${until}${expired}: continue or roll back the deployment in ECS`)];
        }
        case 'FAILED':
        case 'TIMED_OUT':
            return [failure(`the lifecycle hook ${name} has ${hook.status === 'FAILED' ? 'failed' : 'timed out'}`)];
        case 'IN_PROGRESS':
            return [normal(`the lifecycle hook ${name} runs`)];
        default:
            return [];
    }
}
/** `2026-11-21 06:30`, from the instant alone. */
const clockTime = (at) => new Date(at * 1000).toISOString().slice(0, 16).replace('T', ' ');
/** Who has the service now. ECS says that ours has failed in three places; it is told once, with the fullest reason. */
function rolloutOf(snapshot, deployment) {
    const { service } = snapshot;
    const ours = (0,service_snapshot/* oursIn */.D)(service, deployment);
    const primary = service.deployments.find(({ status }) => status === 'PRIMARY');
    const reason = reasonOf(snapshot, deployment);
    const told = [];
    if (isRollingBack(snapshot)) {
        const displaced = primary && primary.id !== deployment.id ? primary.taskDefinitionArn : undefined;
        const to = displaced ?? deployment.previousTaskDefinitionArn;
        told.push(failure(`ECS rolls back to ${to ? (0,words/* revisionName */.pd)(to) : 'the revision before'}${reason ? `: ${reason}` : ''}`));
    }
    else if (ours?.rolloutState === 'FAILED') {
        told.push(failure((0,words/* capitalised */.Iu)(reason ?? 'the rollout has failed')));
    }
    else if (primary && ours && primary.id !== deployment.id) {
        // Before ours appears, PRIMARY is still the old one.
        told.push(warning(`${(0,words/* revisionName */.pd)(primary.taskDefinitionArn)} (${primary.id}) is PRIMARY now, no longer ours`));
    }
    if (service.status !== 'ACTIVE')
        told.push(failure(`the service is ${service.status}`));
    return told;
}
/** Without the service deployment, which IAM may deny, the event says it. */
const isRollingBack = ({ serviceDeployment, events }) => /^ROLLBACK_/.test(serviceDeployment?.status ?? '') ||
    events.some(({ message }) => message.includes('rolling back to deployment '));
function reasonOf({ serviceDeployment: told, service }, deployment) {
    const ours = (0,service_snapshot/* oursIn */.D)(service, deployment);
    const rollout = ours?.rolloutState === 'FAILED' ? ours.rolloutStateReason : undefined;
    return (told?.rollback?.reason ?? told?.statusReason ?? rollout)?.replace(/\.$/, '');
}
/** Whether a stage line tells already that the deployment was given up, and why. */
const failureIsShown = (snapshot, deployment) => isRollingBack(snapshot) || (0,service_snapshot/* oursIn */.D)(snapshot.service, deployment)?.rolloutState === 'FAILED';
const normal = (text) => ({ severity: 'normal', text });
const warning = (text) => ({ severity: 'warning', text });
const failure = (text) => ({ severity: 'failure', text });

;// CONCATENATED MODULE: ./src/report/tasks.ts

/** A line for each task of ours that is new or has moved. */
function tasksBetween(previous, current, revision) {
    const before = new Map(previous?.tasks.map((task) => [task.arn, task]));
    return current.tasks.flatMap((task) => {
        const was = before.get(task.arn);
        const target = current.targetHealth.get(task.id);
        if (was && was === task && previous?.targetHealth.get(task.id) === target)
            return [];
        const told = describe(task, target);
        if (was && describe(was, previous?.targetHealth.get(task.id)).text === told.text)
            return [];
        const text = `${revision} ${told.text}${ageOf(task, current.at)}`;
        return [{ at: current.at, kind: 'task', severity: told.severity, text, taskId: task.id, state: told.state }];
    });
}
/** How many of ours are healthy as the load balancer or the container sees it; undefined where nobody checks. */
function healthyCount({ tasks, targetHealth }) {
    const checked = tasks.some(({ id, healthStatus }) => targetHealth.has(id) || healthStatus !== 'UNKNOWN');
    if (!checked)
        return undefined;
    return tasks.filter((task) => stateOf(task, targetHealth.get(task.id)) === 'HEALTHY').length;
}
function stateOf({ lastStatus, healthStatus }, target) {
    switch (lastStatus) {
        case 'PROVISIONING':
            return 'PROVISIONING';
        case 'PENDING':
        case 'ACTIVATING':
            return 'PENDING';
        case 'RUNNING':
            if (healthStatus === 'UNHEALTHY' || target?.state === 'unhealthy')
                return 'UNHEALTHY';
            if (target)
                return target.state === 'healthy' ? 'HEALTHY' : 'RUNNING';
            return healthStatus === 'HEALTHY' ? 'HEALTHY' : 'RUNNING';
        default:
            return 'STOPPED';
    }
}
function describe(task, target) {
    const state = stateOf(task, target);
    switch (state) {
        case 'PROVISIONING':
        case 'PENDING':
            return { state, severity: 'normal', text: state };
        case 'RUNNING':
        case 'HEALTHY':
        case 'UNHEALTHY': {
            const checks = [
                ...(task.healthStatus === 'UNKNOWN' ? [] : [`container ${task.healthStatus.toLowerCase()}`]),
                ...(target ? [`target ${targetText(target)}`] : []),
            ];
            const severity = state === 'HEALTHY' ? 'good' : state === 'UNHEALTHY' ? 'warning' : 'normal';
            return { state, severity, text: ['RUNNING', ...checks].join(', ') };
        }
        case 'STOPPED': {
            const reason = stopReason(task);
            return { state, severity: severityOfEnd(task), text: reason === '' ? 'STOPPED' : `STOPPED: ${reason}` };
        }
    }
}
function targetText({ state, reason, description }) {
    const why = description ?? reason;
    return state === 'healthy' || !why ? state : `${state} (${(0,words/* oneLine */.TN)(why, 160)})`;
}
/** An end that the service wanted (scaling in, a newer deployment) is none of the task's failures; lost hosts happen. */
function severityOfEnd({ stopCode, stoppedReason }) {
    if (stopCode === 'UserInitiated')
        return 'normal';
    if (stopCode === 'ServiceSchedulerInitiated' && !/health checks?|unhealthy/i.test(stoppedReason ?? ''))
        return 'normal';
    return /^(?:SpotInterruption|TerminationNotice|InfrastructureHealth)$/.test(stopCode ?? '') ? 'warning' : 'failure';
}
/** The reasons verbatim, the container that failed first before its companions that were only ended with it. */
function stopReason({ stoppedReason, containers }) {
    // 143 (SIGTERM) and 0 are what a container says that was ended because another one failed.
    const guilty = containers.filter(({ exitCode, reason }) => reason !== undefined || (exitCode !== undefined && exitCode !== 0 && exitCode !== 143));
    const told = guilty.map(({ name, exitCode, reason }) => {
        const exit = exitCode === undefined ? [] : [`exit code ${exitCode}`];
        // Said twice by ECS, told once: the task's own reason is often the container's.
        const own = reason === undefined || stoppedReason?.includes(reason) ? [] : [(0,words/* oneLine */.TN)(reason, 300)];
        return exit.length + own.length === 0 ? '' : `container ${name}: ${[...exit, ...own].join(', ')}`;
    });
    return [...(stoppedReason ? [(0,words/* oneLine */.TN)(stoppedReason, 400)] : []), ...told.filter((text) => text !== '')].join('; ');
}
/** How long it has run, or ran, or has been on its way: what a person compares with grace periods. */
function ageOf({ lastStatus, createdAt, startedAt, stoppedAt }, now) {
    if (stoppedAt !== undefined)
        return startedAt === undefined ? '' : ` (ran ${(0,words/* duration */.p0)(stoppedAt - startedAt)})`;
    const starting = /^(?:PROVISIONING|PENDING|ACTIVATING)$/.test(lastStatus);
    const since = starting ? createdAt : lastStatus === 'RUNNING' ? startedAt : undefined;
    if (since === undefined || now - since < 10)
        return '';
    return ` (${starting ? 'asked for' : 'runs for'} ${(0,words/* duration */.p0)(now - since)}${starting ? ' ago' : ''})`;
}

;// CONCATENATED MODULE: ./src/report/narrate.ts






/** A silence of this length is broken by a word on what is being waited for. */
const HEARTBEAT_SECONDS = 30;
/**
 * What changed between two looks, each thing told once, by time and then in the order in which people ask: counts, tasks, what ECS
 * said, what is wrong, stages, the last words of failed containers, the verdict. Nothing for a look that saw nothing
 * new, but for a heartbeat after every 30 quiet seconds.
 */
function narrate(previous, current, verdict, deployment) {
    const told = [
        ...countsBetween(previous, current, deployment),
        ...tasksBetween(previous, current, (0,words/* revisionName */.pd)(deployment.taskDefinitionArn)),
        ...eventsBetween(previous, current, deployment),
        ...diagnosesBetween(previous, current, verdict),
        ...stagesBetween(previous, current, deployment),
        ...logsBetween(previous, current),
        ...deniedBetween(previous, current),
    ].sort((one, other) => one.at - other.at);
    if (!('lookAgainInSeconds' in verdict))
        return [...told, ...verdictMoment(current, verdict, deployment)];
    return told.length > 0 ? told : heartbeat(previous, current, verdict, deployment);
}
function countsBetween(previous, current, deployment) {
    const text = countsOf(current, deployment);
    if (text === undefined || (previous && countsOf(previous, deployment) === text))
        return [];
    const ours = (0,service_snapshot/* oursIn */.D)(current.service, deployment);
    const ready = ours && Math.min(ours.runningCount, healthyCount(current) ?? ours.runningCount);
    const whole = ours && ready !== undefined && ours.desiredCount > 0 && ready >= ours.desiredCount;
    return [{ at: current.at, kind: 'counts', severity: whole ? 'good' : 'normal', text }];
}
/** `web:42: 2 of 4 running, 1 healthy, 2 pending | web:41: 3 running`. */
function countsOf(snapshot, deployment) {
    const { deployments } = snapshot.service;
    const ours = (0,service_snapshot/* oursIn */.D)(snapshot.service, deployment);
    if (!ours)
        return undefined;
    const mine = (0,words/* revisionName */.pd)(deployment.taskDefinitionArn);
    const healthy = healthyCount(snapshot);
    const requested = snapshot.serviceDeployment?.target?.requested ?? ours.desiredCount;
    const parts = [
        `${ours.runningCount} of ${ours.desiredCount} running`,
        ...(healthy === undefined || healthy === ours.runningCount ? [] : [`${healthy} healthy`]),
        ...(ours.pendingCount > 0 ? [`${ours.pendingCount} pending`] : []),
        ...(requested < ours.desiredCount && requested > 0 ? [`${requested} asked for so far`] : []),
        ...(ours.failedTasks > 0 ? [`${ours.failedTasks} failed`] : []),
    ];
    const others = deployments
        .filter(({ id, runningCount, pendingCount }) => id !== ours.id && runningCount + pendingCount > 0)
        .map((other) => otherCounts(other, mine));
    return [`${mine}: ${parts.join(', ')}`, ...others].join(' | ');
}
function otherCounts(other, mine) {
    const name = (0,words/* revisionName */.pd)(other.taskDefinitionArn);
    const shown = name === mine ? `${name} of ${other.id}` : name;
    const leaving = other.status !== 'PRIMARY' && other.desiredCount < other.runningCount;
    const pending = other.pendingCount > 0 ? `, ${other.pendingCount} pending` : '';
    return `${shown}: ${other.runningCount} ${leaving ? 'left, draining' : 'running'}${pending}`;
}
function eventsBetween(previous, current, deployment) {
    const knownIds = new Set(previous?.events.map(({ id }) => id));
    // ECS repeats "unable to place a task" for hours: the same words are news once.
    const knownWords = new Set(previous?.events.map(({ message }) => message));
    const ours = new Set(current.tasks.map(({ id }) => id));
    const quoted = current.diagnoses.map(({ evidence }) => evidence.text);
    const moments = [];
    for (const { id, at, message } of current.events) {
        if (knownIds.has(id))
            continue;
        const { text, severity, weight, taskIds } = tellEvent(namingRevisions(message, current));
        const repeated = severity !== 'normal' && severity !== 'good' && knownWords.has(message);
        knownWords.add(message);
        const byTaskLines = weight === 'progress' && taskIds.length > 0 && taskIds.every((task) => ours.has(task));
        const byStages = weight === 'end' && failureIsShown(current, deployment);
        if (repeated || byTaskLines || byStages || quoted.includes(message))
            continue;
        moments.push({ at, kind: 'event', severity, text });
    }
    return moments;
}
/** People know revisions, not `ecs-svc/1111111111111111111`. */
function namingRevisions(message, { service }) {
    return message.replaceAll(/(?<=rolling back to deployment )ecs-svc\/\d+/g, (id) => {
        const found = service.deployments.find((deployment) => deployment.id === id);
        return found ? (0,words/* revisionName */.pd)(found.taskDefinitionArn) : id;
    });
}
const keyOf = ({ rule, cause }) => `${rule} ${cause}`;
function diagnosesBetween(previous, current, verdict) {
    const known = new Set(previous?.diagnoses.map(keyOf));
    const moments = [];
    for (const diagnosis of current.diagnoses) {
        if (known.has(keyOf(diagnosis)) || diagnosis.severity === 'normal')
            continue;
        known.add(keyOf(diagnosis));
        const text = diagnosisText(diagnosis, verdict);
        if (text === undefined)
            continue;
        const severity = text.startsWith('cause: ') ? 'failure' : 'warning';
        moments.push({ at: current.at, kind: 'diagnosis', severity, text: (0,words/* oneLine */.TN)(text, 600) });
    }
    return moments;
}
/** How sure we are, in a word. A symptom has its line already, as an event or a stopped task. */
function diagnosisText({ nature, cause, taskId, container }, verdict) {
    const where = taskId ? ` (task ${(0,words/* shortId */.m_)(taskId)}${container ? `, container ${container}` : ''})` : '';
    switch (nature) {
        case 'hopeless':
            return `cause: ${cause}${where}`;
        case 'ambiguous':
        case 'unknown':
            return `${'causes' in verdict ? 'cause' : 'suspected'}: ${cause}${where}`;
        case 'blocked':
            return `blocked: ${cause}${where}`;
        case 'self-heals':
            // Once the deployment is over, ECS takes our tasks away, and nothing has to heal.
            return verdict.kind !== 'waiting' ? undefined : `this often heals by itself: ${cause}${where}`;
        case 'symptom':
        case 'normal':
            return undefined;
    }
}
function deniedBetween(previous, current) {
    const fresh = current.denied.filter((action) => !previous?.denied.includes(action));
    if (fresh.length === 0)
        return [];
    const text = `IAM denies ${(0,words/* listed */.KE)(fresh)}: watching goes on with what is allowed, and explains less`;
    return [{ at: current.at, kind: 'step', severity: 'warning', text }];
}
/** The newest instant at which anything of the deployment moved, as far as AWS tells. */
function lastChangeAt({ service, tasks, events, lastProgressAt }, deployment) {
    return Math.max(deployment.startedAt, lastProgressAt, events.at(-1)?.at ?? 0, ...service.deployments.map(({ updatedAt }) => updatedAt), ...tasks.map(({ createdAt, startedAt, stoppedAt }) => Math.max(createdAt ?? 0, startedAt ?? 0, stoppedAt ?? 0)));
}
function heartbeat(previous, current, verdict, deployment) {
    if (!previous)
        return [];
    const since = lastChangeAt(current, deployment);
    const beats = (at) => Math.floor((at - since) / HEARTBEAT_SECONDS);
    if (beats(current.at) <= Math.max(0, beats(previous.at)))
        return [];
    const left = deployment.startedAt + deployment.timeoutSeconds - current.at;
    const limit = left > 0 ? `; gives up in ${(0,words/* duration */.p0)(left)}` : '';
    return [{ at: current.at, kind: 'heartbeat', severity: 'normal', text: `${waitingFor(verdict)}${limit}` }];
}
function waitingFor(verdict) {
    switch (verdict.kind) {
        case 'waiting':
            return `still waiting for ${verdict.waitingFor}`;
        case 'awaiting-approval':
            return `still paused at ${verdict.hook}`;
        case 'rolling-back':
            return `still waiting for ECS to restore ${verdict.to ? (0,words/* revisionName */.pd)(verdict.to) : 'the revision before'}`;
    }
}
function verdictMoment(current, verdict, deployment) {
    const ours = (0,words/* revisionName */.pd)(deployment.taskDefinitionArn);
    const moment = (severity, text) => [
        { at: current.at, kind: 'verdict', severity, text: (0,words/* oneLine */.TN)(text, 600) },
    ];
    switch (verdict.kind) {
        case 'succeeded': {
            const digests = [...new Set(Object.values(verdict.digests))].map((digest) => digest.slice(0, 19));
            const image = digests.length > 0 ? `, image ${digests.join(', ')}` : '';
            const tasks = verdict.runningCount === 1 ? '1 task runs' : `${verdict.runningCount} tasks run`;
            return moment('good', `deployed: ${tasks} ${ours}${image}`);
        }
        case 'rolled-back':
            return moment('failure', `rolled back to ${verdict.to ? (0,words/* revisionName */.pd)(verdict.to) : 'the revision before'}: ${verdict.reason}`);
        case 'failed': {
            const next = verdict.ecsRestores ? ' ECS restores the revision before.' : '';
            return moment('failure', `failed: ${verdict.reason}${next}`);
        }
        case 'stuck':
            return moment('failure', `stuck: ${verdict.reason}`);
        case 'timed-out':
            return moment('failure', `timed out: ${verdict.reason}`);
        case 'paused': {
            const until = verdict.until === undefined ? '' : `, which waits until ${clockTime(verdict.until)} UTC`;
            return moment('warning', `paused at ${verdict.hook}${until}: continue or roll back the deployment in ECS`);
        }
        case 'stopped':
            return moment('failure', `stopped: ${verdict.reason}`);
        case 'superseded': {
            const by = `${(0,words/* revisionName */.pd)(verdict.byTaskDefinition)} (${verdict.byDeployment})`;
            return moment('warning', `superseded: ${by} was deployed while ${ours} was on its way`);
        }
    }
}

;// CONCATENATED MODULE: ./src/report/account.ts


/** The live account of a run: tells each moment as it comes, and keeps all of them for the summary. */
class Account {
    moments = [];
    #console;
    #clock;
    #began;
    /** By deployment: one that is watched again, while ECS rolls it back, tells nothing twice. */
    #last = new Map();
    constructor({ console, clock }) {
        this.#console = console;
        this.#clock = clock;
        this.#began = clock.now();
    }
    /** A step of the run itself. */
    step(text, severity = 'normal') {
        this.#tell([{ at: this.#clock.now(), kind: 'step', severity, text }]);
    }
    /** For `watch`: tells what changed from one look to the next. */
    listener(deployment) {
        return (snapshot, verdict) => {
            this.#tell(narrate(this.#last.get(deployment.id), snapshot, verdict, deployment));
            this.#last.set(deployment.id, snapshot);
        };
    }
    #tell(moments) {
        this.moments.push(...moments);
        (0,live.tellMoments)(this.#console, this.#began, moments);
    }
}


/***/ }),

/***/ 6035:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Bb: () => (/* binding */ apply),
/* harmony export */   Os: () => (/* binding */ primaryOf),
/* harmony export */   _0: () => (/* binding */ replacedBy),
/* harmony export */   dp: () => (/* binding */ pinned)
/* harmony export */ });
/* harmony import */ var _failure_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1633);

const primaryOf = (state) => state.deployments.find(({ status }) => status === 'PRIMARY');
/**
 * Calls UpdateService and pins the deployment that it began: the PRIMARY's id in its answer. An id that was there
 * before means that ECS began none (only settings changed); undefined then.
 */
async function apply(update, before, limits, { ecs, clock }) {
    const startedAt = clock.now();
    const after = await ecs.updateService(update);
    const primary = primaryOf(after);
    if (!primary)
        throw new _failure_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .H('INTERNAL', `UpdateService of ${before.name} answered without a PRIMARY deployment.`);
    if (before.deployments.some(({ id }) => id === primary.id))
        return undefined;
    return { ...pinned(after, limits, startedAt), previousTaskDefinitionArn: before.taskDefinitionArn };
}
/**
 * The deployment that is PRIMARY in this state, to be watched from now on. While it is under way, what ran before is the
 * completed deployment beside it.
 */
function pinned(state, limits, now) {
    const primary = primaryOf(state);
    if (!primary)
        throw new _failure_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .H('CONFLICT', `The service ${state.name} has no PRIMARY deployment.`);
    const done = primary.rolloutState === 'COMPLETED';
    const before = done ? undefined : replacedBy(primary, state);
    // Its own beginning, so that its events and its service deployment are found; the wait is ours alone.
    const startedAt = done ? now : Math.min(now, primary.createdAt);
    return {
        cluster: state.clusterArn,
        service: state.name,
        id: primary.id,
        taskDefinitionArn: primary.taskDefinitionArn,
        ...(before ? { previousTaskDefinitionArn: before.taskDefinitionArn } : {}),
        startedAt,
        timeoutSeconds: limits.timeoutSeconds + now - startedAt,
        noProgressSeconds: limits.noProgressSeconds,
        logLines: limits.logLines,
    };
}
/** The deployment that ran before this one and still has tasks; undefined when there is none. */
const replacedBy = (deployment, { deployments }) => deployments
    .filter(({ id, taskDefinitionArn }) => id !== deployment.id && taskDefinitionArn !== deployment.taskDefinitionArn)
    .sort((a, b) => Number(b.rolloutState === 'COMPLETED') - Number(a.rolloutState === 'COMPLETED') || b.createdAt - a.createdAt)[0];


/***/ }),

/***/ 8025:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   M1: () => (/* binding */ unfinished),
/* harmony export */   PF: () => (/* binding */ restore),
/* harmony export */   ce: () => (/* binding */ stopped)
/* harmony export */ });
/* harmony import */ var _failure_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1633);
/* harmony import */ var _apply_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6035);


/**
 * Puts back what ran before a deployment that went wrong. ECS does it itself where it can be asked to
 * (StopServiceDeployment ROLLBACK needs no circuit breaker), so that two rollbacks never meet; else the previous
 * revision is deployed.
 */
async function restore(failed, { serviceDeployment, service }, { ecs, clock }) {
    const previous = failed.previousTaskDefinitionArn;
    if (previous === undefined)
        return { kind: 'nothing-before' };
    const by = serviceDeployment && (await stopped(serviceDeployment, ecs));
    if (by)
        return { kind: 'restoring', deployment: failed, by };
    if ((0,_apply_js__WEBPACK_IMPORTED_MODULE_1__/* .primaryOf */ .Os)(service)?.taskDefinitionArn === previous)
        return { kind: 'restoring', deployment: failed, by: 'ECS' };
    const startedAt = clock.now();
    const after = await ecs.updateService({ cluster: failed.cluster, service: failed.service, taskDefinition: previous });
    const { definition: _, ...rest } = failed;
    return {
        kind: 'restoring',
        by: 'UpdateService',
        deployment: {
            ...rest,
            id: (0,_apply_js__WEBPACK_IMPORTED_MODULE_1__/* .primaryOf */ .Os)(after)?.id ?? failed.id,
            startedAt,
            taskDefinitionArn: previous,
            previousTaskDefinitionArn: failed.taskDefinitionArn,
        },
    };
}
/**
 * Tells ECS to end an unfinished deployment and go back to what ran before it; one that is paused at a lifecycle hook is
 * answered there. Undefined when ECS does not take it: ended already, or denied.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stop-service-deployment.html
 * @throws Failure CREDENTIALS
 */
async function stopped({ arn, status, hooks }, ecs) {
    if (!/^(PENDING|IN_PROGRESS|STOP_REQUESTED)$/.test(status))
        return undefined;
    const paused = hooks.find(({ id, status }) => id !== undefined && status === 'AWAITING_ACTION')?.id;
    try {
        if (paused !== undefined) {
            await ecs.continueServiceDeployment(arn, paused, 'ROLLBACK');
            return 'ContinueServiceDeployment';
        }
        await ecs.stopServiceDeployment(arn, 'ROLLBACK');
        return 'StopServiceDeployment';
    }
    catch (thrown) {
        // Denied, or ECS ended it in this very moment; deploying the old revision works in both cases.
        if ((0,_failure_js__WEBPACK_IMPORTED_MODULE_0__/* .asFailure */ .h)(thrown).code === 'CREDENTIALS')
            throw thrown;
        return undefined;
    }
}
/** The service's deployment that is under way; undefined when there is none, or where IAM does not let us see it. */
async function unfinished(cluster, service, ecs) {
    try {
        const statuses = ['PENDING', 'IN_PROGRESS'];
        const [newest] = await ecs.listServiceDeployments({ cluster, service, statuses, limit: 1 });
        return newest && (await ecs.describeServiceDeployments([newest.arn]))[0];
    }
    catch (thrown) {
        const { code } = (0,_failure_js__WEBPACK_IMPORTED_MODULE_0__/* .asFailure */ .h)(thrown);
        if (code === 'ACCESS_DENIED' || code === 'REFUSED')
            return undefined;
        throw thrown;
    }
}


/***/ }),

/***/ 1978:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   K: () => (/* binding */ planWaves)
/* harmony export */ });
function planWaves(settings) {
    const { desiredCount: desired, minimumHealthyPercent: min, maximumPercent: max } = settings;
    if (settings.schedulingStrategy === 'DAEMON') {
        const stuck = min >= 100 && max <= 100 && desired > 0;
        const sentence = stuck
            ? `minimum-healthy-percent ${min} lets no daemon task stop, and maximum-percent ${max} lets none start beside it. Set minimum-healthy-percent below 100.`
            : `One daemon task an instance; ${min} % of them stay.`;
        return { lo: Math.ceil((desired * min) / 100), hi: desired, stuck, batch: stuck ? 0 : 1, sentence };
    }
    const lo = Math.ceil((desired * min) / 100);
    const hi = Math.floor((desired * max) / 100);
    if (desired === 0)
        return { lo, hi, stuck: false, batch: 0, sentence: 'No task is wanted, so nothing is replaced.' };
    const stuck = lo >= desired && hi <= desired;
    if (stuck)
        return { lo, hi, stuck, batch: 0, sentence: stuckSentence(settings, lo, hi) };
    const batch = Math.max(hi - desired, desired - lo);
    return { lo, hi, stuck, batch, sentence: `${tasks(hi)} at most, ${lo} healthy at least: ${batch} at a time.` };
}
const tasks = (count) => `${count} task${count === 1 ? '' : 's'}`;
function stuckSentence({ desiredCount, minimumHealthyPercent: min, maximumPercent: max }, lo, hi) {
    // One task more than desired, or one less: the nearest percents whose rounding gives it.
    const raise = Math.ceil(((desiredCount + 1) * 100) / desiredCount);
    const lower = Math.floor(((desiredCount - 1) * 100) / desiredCount);
    return (`With ${tasks(desiredCount)} wanted, minimum-healthy-percent ${min} keeps ceil(${desiredCount} * ${min} / 100) = ${lo} of them, ` +
        `so none may stop, and maximum-percent ${max} allows floor(${desiredCount} * ${max} / 100) = ${hi}, so none may start: ` +
        `this rollout could never move. Set maximum-percent to ${raise} or more, or minimum-healthy-percent to ${lower} or less.`);
}


/***/ }),

/***/ 823:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   D: () => (/* binding */ oursIn)
/* harmony export */ });
const oursIn = (service, deployment) => service.deployments.find(({ id }) => id === deployment.id);


/***/ }),

/***/ 1088:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  w: () => (/* binding */ watch)
});

// EXTERNAL MODULE: ./src/failure.ts
var src_failure = __webpack_require__(1633);
// EXTERNAL MODULE: ./src/diagnosis/diagnose.ts + 30 modules
var diagnose = __webpack_require__(175);
// EXTERNAL MODULE: ./src/service/snapshot.ts
var service_snapshot = __webpack_require__(823);
;// CONCATENATED MODULE: ./src/service/troubles.ts


/** Everything that went wrong with our deployment so far, not yet ranked; one entry a task. */
function troublesOf(known, deployment) {
    const tasks = taskTroubles(known, deployment);
    const explained = new Set(tasks.map(({ diagnosis }) => diagnosis.rule));
    // ECS repeats in an event what it says of the task; the task knows its container.
    const events = eventTroubles(known, deployment).filter(({ from, diagnosis }) => from === 'deployment' || !explained.has(diagnosis.rule));
    return [...tasks, ...events, ...deploymentTroubles(known, deployment)];
}
const isOver = ({ lastStatus, desiredStatus, stoppedReason, stopCode }) => lastStatus === 'STOPPED' || (desiredStatus === 'STOPPED' && (stoppedReason ?? stopCode) !== undefined);
function taskTroubles(known, { definition }) {
    const containers = definition?.containerDefinitions;
    const essential = containers && new Set(containers.flatMap(({ name, essential: is }) => (is === false ? [] : [name])));
    const dependsOn = definition && (0,diagnose.dependenciesOf)(definition);
    return known.tasks.filter(isOver).flatMap((task) => {
        const found = (0,diagnose.diagnoseTask)(task, essential, dependsOn);
        const diagnosis = found && better(found, task, known);
        if (!diagnosis || diagnosis.nature === 'normal')
            return [];
        return [{ from: 'task', diagnosis, task, ...(task.stoppedAt === undefined ? {} : { at: task.stoppedAt }) }];
    });
}
/** Rules that say that something is wrong, where a log line or an event about the same task may say what. */
const GENERAL = new Set(['app-crash', 'elb-health-check', 'essential-container-exited']);
/**
 * A log line may know better than an exit code ("exec format error" is the wrong architecture), and the event about
 * the target better than "failed ELB health checks" (nobody answered, or answered 503).
 */
function better(found, task, { logs, events }) {
    const vague = found.nature === 'symptom' || found.nature === 'unknown' || GENERAL.has(found.rule);
    if (!vague)
        return found;
    const { container } = found;
    const said = container
        ? (logs.get(`${task.id}/${container}`) ?? [])
        : [...logs].flatMap(([key, lines]) => (key.startsWith(`${task.id}/`) ? lines : []));
    const place = { taskId: task.id, ...(container ? { container } : {}) };
    if (said.length > 0) {
        const logged = (0,diagnose.diagnose)({ surface: 'container.log', text: said.join('\n'), context: {} });
        if (logged.nature === 'hopeless')
            return { ...logged, ...place };
    }
    for (const { message } of events.filter((event) => event.message.includes(`(task ${task.id})`))) {
        const told = (0,diagnose.diagnose)({ surface: 'service.event', text: message, context: {} });
        const tells = told.nature === 'hopeless' || told.nature === 'ambiguous' || told.nature === 'blocked';
        if (tells && told.rule !== found.rule && !(found.rule === 'app-crash' && told.nature === 'ambiguous')) {
            return { ...told, ...place };
        }
    }
    return found;
}
function eventTroubles(known, deployment) {
    return known.events.flatMap((event) => {
        const from = sourceOf(event, known, deployment);
        if (from === undefined)
            return [];
        const diagnosis = (0,diagnose.diagnose)({ surface: 'service.event', text: event.message, context: {} });
        switch (diagnosis.nature) {
            case 'hopeless':
            case 'ambiguous':
                if (from === 'deployment')
                    return [{ from, diagnosis: withAlarms(diagnosis, known), at: event.at }];
                return mayBeOurs(known, deployment) ? [{ from, diagnosis, at: event.at }] : [];
            case 'blocked':
            case 'self-heals':
                return [{ from, diagnosis, at: event.at }];
            default:
                return [];
        }
    });
}
/** Whom an event speaks of: ECS's own verdict on our deployment, some task of the service, or others than us. */
function sourceOf(event, known, deployment) {
    if (!concernsUs(event, known, deployment))
        return undefined;
    return /\bdeployment failed\b|rolling back/i.test(event.message) ? 'deployment' : 'event';
}
const tasksIn = (message) => [...message.matchAll(/\(task ([\w-]+)\)/g)].flatMap(([, id]) => id ?? []);
/** Where tasks cannot be seen, one that was started since our deployment began is taken for ours. */
const isOurTask = (wanted, { tasks, events }) => tasks.length > 0
    ? tasks.some(({ id }) => id === wanted)
    : events.some(({ message }) => /has started \d+ tasks?/.test(message) && tasksIn(message).includes(wanted));
/** An event about other tasks or another deployment than ours says nothing of us. */
function concernsUs({ message }, known, deployment) {
    const named = tasksIn(message);
    if (named.length > 0)
        return named.some((id) => isOurTask(id, known));
    const [, of] = /\(?(?:deployment|taskSet) (ecs-svc\/\d+)\)?/.exec(message) ?? [];
    return of === undefined || of === deployment.id || message.includes('rolling back');
}
/**
 * "was unable to place a task" names no deployment. It is ours unless an older deployment lacks a task as well, which
 * ECS then replaces, and nothing of ours has failed.
 */
function mayBeOurs({ service }, deployment) {
    const ours = (0,service_snapshot/* oursIn */.D)(service, deployment);
    if (!ours)
        return false;
    if (ours.failedTasks > 0)
        return true;
    const oldLacks = service.deployments.some(({ id, desiredCount, runningCount }) => id !== deployment.id && runningCount < desiredCount);
    return !oldLacks && ours.rolloutState !== 'COMPLETED';
}
function deploymentTroubles(known, deployment) {
    const { serviceDeployment: told, service } = known;
    const ours = (0,service_snapshot/* oursIn */.D)(service, deployment);
    const reasons = [told?.rollback?.reason, told?.statusReason, ours?.rolloutStateReason];
    const fromReasons = [...new Set(reasons)].flatMap((text) => {
        if (!text)
            return [];
        const diagnosis = (0,diagnose.diagnose)({ surface: 'deployment.rolloutStateReason', text, context: {} });
        if (diagnosis.nature === 'unknown' || diagnosis.nature === 'normal')
            return [];
        return [{ from: 'deployment', diagnosis: withAlarms(diagnosis, known) }];
    });
    const triggered = told?.alarms?.triggered ?? [];
    const known_ = fromReasons.some(({ diagnosis }) => diagnosis.rule === ALARM);
    if (triggered.length === 0 || known_)
        return fromReasons;
    const text = `(service ${service.name}) deployment ${deployment.id} deployment failed: alarm detected.`;
    const diagnosis = withAlarms((0,diagnose.diagnose)({ surface: 'service.event', text, context: {} }), known);
    const evidence = {
        surface: 'deployment.rolloutStateReason',
        text: `alarms in ALARM: ${triggered.join(', ')}`,
        context: {},
    };
    return [{ from: 'deployment', diagnosis: { ...diagnosis, evidence } }, ...fromReasons];
}
const ALARM = 'deployment-alarm';
/** "alarm detected" names no alarm; the deployment or the service does. */
function withAlarms(diagnosis, { serviceDeployment, service }) {
    if (diagnosis.rule !== ALARM)
        return diagnosis;
    const triggered = serviceDeployment?.alarms?.triggered ?? [];
    const names = triggered.length > 0 ? triggered : (service.alarms?.names ?? []);
    if (names.length === 0 || names.some((name) => diagnosis.cause.includes(name)))
        return diagnosis;
    const cause = names.length === 1
        ? `The CloudWatch alarm ${names[0]} went to ALARM during the deployment.`
        : triggered.length > 0
            ? `The CloudWatch alarms ${names.join(', ')} went to ALARM during the deployment.`
            : `One of the deployment's CloudWatch alarms (${names.join(', ')}) went to ALARM.`;
    return { ...diagnosis, cause };
}

;// CONCATENATED MODULE: ./src/service/fold.ts



const LATE_SECONDS = 60;
/** Folds one look into what is known. */
function nextSnapshot(previous, observed, deployment) {
    const tasks = new Map((previous?.tasks ?? []).map((task) => [task.arn, task]));
    for (const task of observed.tasks ?? [])
        if (task.startedBy === deployment.id)
            tasks.set(task.arn, task);
    const events = new Map((previous?.events ?? []).map((event) => [event.id, event]));
    // ECS gives the newest first; of several in one second the last said must come last.
    for (const event of observed.service.events.toReversed())
        if (event.at >= deployment.startedAt - 1)
            events.set(event.id, event);
    const serviceDeployment = remembering(previous?.serviceDeployment, observed.serviceDeployment);
    const revision = observed.revision ?? previous?.revision;
    const addsCapacity = observed.addsCapacity ?? previous?.addsCapacity;
    const known = {
        at: observed.at,
        service: observed.service,
        tasks: [...tasks.values()].sort((a, b) => (a.createdAt ?? 0) - (b.createdAt ?? 0)),
        events: [...events.values()].sort((a, b) => a.at - b.at),
        targetHealth: observed.targetHealth ?? previous?.targetHealth ?? new Map(),
        logs: new Map([...(previous?.logs ?? []), ...(observed.logs ?? [])]),
        logHints: new Map([...(previous?.logHints ?? []), ...(observed.logHints ?? [])]),
        denied: [...new Set([...(previous?.denied ?? []), ...observed.denied])],
        ...(serviceDeployment ? { serviceDeployment } : {}),
        ...(revision ? { revision } : {}),
        ...(addsCapacity === undefined ? {} : { addsCapacity }),
    };
    const othersMovedAt = othersMoved(previous, known, deployment);
    const moved = {
        ...known,
        ...progress(previous, known, deployment),
        ...(othersMovedAt === undefined ? {} : { othersMovedAt }),
        othersRan: (previous?.othersRan ?? beganUnseen(known, deployment)) || othersRun(known, deployment),
    };
    const troubles = troublesOf(moved, deployment);
    return { ...moved, troubles, diagnoses: (0,diagnose.rank)(troubles.map(({ diagnosis }) => diagnosis)) };
}
/** What tripped stays the reason, even where a later answer says no more of it. */
function remembering(before, now) {
    if (!before || !now || before.arn !== now.arn)
        return now ?? before;
    const { circuitBreaker, alarms } = before;
    return { ...(circuitBreaker ? { circuitBreaker } : {}), ...(alarms ? { alarms } : {}), ...now };
}
/** When tasks of other deployments last came or went: what they leave may be what ours wait for. */
function othersMoved(previous, now, deployment) {
    const picture = ({ service }) => service.deployments
        .filter(({ id }) => id !== deployment.id)
        .map(({ id, runningCount, pendingCount }) => `${id} ${runningCount} ${pendingCount}`)
        .join();
    return previous && picture(previous) !== picture(now) ? now.at : previous?.othersMovedAt;
}
const othersRun = ({ service }, deployment) => service.deployments.some(({ id, rolloutState, runningCount }) => id !== deployment.id && (rolloutState === 'COMPLETED' || runningCount > 0));
/** Who comes late to a deployment cannot know whether what it replaced ever ran; mostly it did. */
const beganUnseen = ({ at }, { startedAt, previousTaskDefinitionArn }) => previousTaskDefinitionArn !== undefined && at - startedAt > LATE_SECONDS;
/**
 * Progress is growth of our healthy count beyond what it ever was: a crash loop that comes and goes makes none. Tasks
 * lost to Spot, maintenance or a smaller desired count are not held against those that replace them.
 */
function progress(previous, now, deployment) {
    const ours = (0,service_snapshot/* oursIn */.D)(now.service, deployment);
    const healthy = healthyOf(now, ours);
    if (!previous)
        return { bestHealthy: healthy, lastProgressAt: now.at };
    const before = (0,service_snapshot/* oursIn */.D)(previous.service, deployment);
    const excused = lostToOthers(now) > lostToOthers(previous) || (ours?.desiredCount ?? 0) < (before?.desiredCount ?? 0);
    const best = excused ? Math.min(previous.bestHealthy, healthy) : previous.bestHealthy;
    const staged = stageOf(now) !== stageOf(previous);
    return {
        bestHealthy: Math.max(best, healthy),
        lastProgressAt: excused || staged || healthy > best ? now.at : previous.lastProgressAt,
    };
}
function healthyOf({ tasks }, ours) {
    const unhealthy = tasks.filter(({ lastStatus, healthStatus }) => lastStatus === 'RUNNING' && healthStatus === 'UNHEALTHY');
    return Math.max(0, (ours?.runningCount ?? 0) - unhealthy.length);
}
const LOST = new Set(['SpotInterruption', 'TerminationNotice', 'InfrastructureHealth', 'UserInitiated']);
const lostToOthers = ({ tasks }) => tasks.filter(({ stopCode }) => LOST.has(stopCode ?? '')).length;
const stageOf = ({ serviceDeployment: told }) => told ? [told.status, told.lifecycleStage, ...told.hooks.map(({ id, status }) => `${id} ${status}`)].join() : '';

;// CONCATENATED MODULE: ./src/service/say.ts
/** While things move, and while nothing does: a success must be told within 5 s of being true. */
const SOON_SECONDS = 3;
const QUIET_SECONDS = 5;
function wait(waitingFor, more = {}) {
    const { lookAgainInSeconds = SOON_SECONDS, suspected = [] } = more;
    return { kind: 'waiting', waitingFor, lookAgainInSeconds, suspected };
}
/** The cause that decided comes first. */
function causes({ snapshot: { diagnoses } }, decisive) {
    if (!decisive)
        return diagnoses;
    return [decisive, ...diagnoses.filter(({ rule, cause }) => rule !== decisive.rule || cause !== decisive.cause)];
}
const failed = (view, reason, decisive = rootOf(view)) => ({
    kind: 'failed',
    reason,
    causes: causes(view, decisive),
    ecsRestores: false,
});
const stuck = (view, reason, decisive = rootOf(view)) => ({
    kind: 'stuck',
    reason,
    causes: causes(view, decisive),
});
const superseded = ({ id, taskDefinitionArn }) => ({
    kind: 'superseded',
    byDeployment: id,
    byTaskDefinition: taskDefinitionArn,
});
const rolledBack = (view) => ({
    kind: 'rolled-back',
    ...restoredTo(view),
    reason: reasonOf(view),
    causes: causes(view, rootOf(view)),
});
const rollingBack = (view) => ({
    kind: 'rolling-back',
    ...restoredTo(view),
    reason: reasonOf(view),
    causes: causes(view, rootOf(view)),
    lookAgainInSeconds: SOON_SECONDS,
});
function restoredTo({ primary, deployment }) {
    const to = primary && primary.id !== deployment.id ? primary.taskDefinitionArn : deployment.previousTaskDefinitionArn;
    return to === undefined ? {} : { to };
}
const WEIGHT = ['hopeless', 'ambiguous', 'blocked', 'unknown', 'symptom'];
/** What most likely ended the rollout: what ECS named itself (an alarm, a hook), else what most of our tasks ended of. */
function rootOf({ troubles }) {
    for (const nature of WEIGHT) {
        const alike = troubles.filter(({ diagnosis, from }) => diagnosis.nature === nature && (nature !== 'symptom' || from === 'task'));
        const named = alike.find(({ from, diagnosis }) => from === 'deployment' && diagnosis.nature === 'hopeless');
        const found = named ?? mostFrequent(alike);
        if (found)
            return found.diagnosis;
    }
    return undefined;
}
function mostFrequent(troubles) {
    const groups = Object.values(Object.groupBy(troubles, ({ diagnosis }) => diagnosis.rule));
    return groups.sort((a, b) => (b?.length ?? 0) - (a?.length ?? 0))[0]?.[0];
}
/** Why the rollout ended, in one or two sentences; with the breaker's counts where it tripped. */
function reasonOf(view) {
    const { snapshot, ours, primary } = view;
    const { serviceDeployment: told } = snapshot;
    const breaker = told?.circuitBreaker;
    const tripped = breaker?.status === 'TRIGGERED'
        ? `The circuit breaker tripped after ${breaker.failureCount} of ${breaker.threshold} failures.`
        : undefined;
    const cause = rootOf(view)?.cause;
    if (cause)
        return tripped ? `${sentence(cause)} ${tripped}` : cause;
    const said = told?.rollback?.reason ?? told?.statusReason ?? ours?.rolloutStateReason;
    return tripped ?? said ?? primary?.rolloutStateReason ?? 'ECS gave no reason.';
}
const sentence = (text) => (/[.!?)]$/.test(text) ? text : `${text}.`);
const progressOf = ({ runningCount, desiredCount, pendingCount, failedTasks }) => `${runningCount} of ${desiredCount} run, ${pendingCount} pending, ${failedTasks} failed`;
const minutes = (seconds) => `${Math.round(seconds / 60)} min`;
const shortOf = (arn = 'the revision before') => arn.slice(arn.lastIndexOf('/') + 1);

;// CONCATENATED MODULE: ./src/service/certain.ts

/** A new role may fail for a minute until IAM has told everybody. */
const IAM_PROPAGATION_SECONDS = 60;
/** With no sight of tasks, only ECS's own counter of consecutive failures is left; its breaker trips at 3 at the earliest. */
const FAILURES_UNSEEN = 3;
/** A sibling is proof that the revision works when it has outlived the failed ones by so much. */
const OUTLIVED_FACTOR = 1.5;
const OUTLIVED_SECONDS = 10;
/**
 * Failures that no waiting heals: a hopeless cause on the first task of ours, unless a sibling of the same revision runs;
 * an ambiguous one on the second task that ended the same way, unless a sibling has lived through it.
 */
function certainFailure(view) {
    const { ours, troubles } = view;
    if (!ours)
        return undefined;
    const hopeless = troubles.find((trouble) => isHopeless(trouble, view));
    if (hopeless)
        return failed(view, hopeless.diagnosis.cause, hopeless.diagnosis);
    const [first, second] = matching(view);
    if (first && second) {
        const both = [first, second].flatMap(({ task }) => (task ? [task.id.slice(0, 8)] : []));
        const seen = both.length === 2 ? `Seen on two tasks: ${both.join(', ')}.` : 'Seen twice.';
        return failed(view, `${first.diagnosis.cause} (${seen})`, first.diagnosis);
    }
    return unseenFailures(view, ours);
}
function isHopeless(trouble, view) {
    const { diagnosis, from, task } = trouble;
    if (from === 'deployment')
        return false;
    const hopeless = diagnosis.nature === 'hopeless' || (neverRan(view) && isNetwork(diagnosis));
    if (!hopeless)
        return false;
    if (diagnosis.rule === 'role-assume-failed')
        return roleStaysRefused(view);
    if (AFTER_START.has(diagnosis.rule))
        return true;
    // A container that did start says little by running for a moment; one that could not be started says all.
    return task?.startedAt === undefined ? !siblingRuns(view) : !siblingOutlived([trouble], view);
}
/** What goes wrong between running tasks and their load balancer: that they run is no proof against it. */
const AFTER_START = new Set([
    'lb-permission-denied',
    'target-group-missing',
    'target-group-not-attached',
    'target-type-mismatch',
]);
/** Says that an address could not be reached. Temporary for a service that ran in the same subnets, else how it is set up. */
const isNetwork = ({ rule, nature }) => nature === 'ambiguous' && rule.endsWith('-network');
/** The service's first deployment: no earlier task has shown that image, secrets and logs can be reached. */
const neverRan = ({ snapshot: { service, othersRan = false }, deployment }) => !othersRan && service.deployments.every(({ id, runningCount }) => id === deployment.id || runningCount === 0);
/** Refused again a minute after the first time, or refused and nothing was started for that minute. */
function roleStaysRefused({ troubles, snapshot, ours, now }) {
    const times = troubles.flatMap(({ diagnosis, at }) => (diagnosis.rule === 'role-assume-failed' && at ? [at] : []));
    const first = Math.min(...times);
    const last = Math.max(...times);
    const startedSince = snapshot.events.some(({ at, message }) => at >= last && /has started \d+ tasks?/.test(message));
    if (times.length === 0 || startedSince || (ours?.runningCount ?? 0) + (ours?.pendingCount ?? 0) > 0)
        return false;
    return now - first >= IAM_PROPAGATION_SECONDS;
}
const runningOf = ({ snapshot: { tasks } }) => tasks.filter(({ lastStatus, desiredStatus, healthStatus }) => lastStatus === 'RUNNING' && desiredStatus !== 'STOPPED' && healthStatus !== 'UNHEALTHY');
/** Counted as running, without those that are on their way out: ECS counts a task until it has left its load balancer. */
function countedRunning({ ours, snapshot: { tasks } }) {
    const leaving = tasks.filter(({ lastStatus, desiredStatus, startedAt }) => desiredStatus === 'STOPPED' && lastStatus !== 'STOPPED' && startedAt !== undefined);
    return (ours?.runningCount ?? 0) - leaving.length;
}
const seesRunning = ({ snapshot: { tasks } }) => tasks.some(({ lastStatus }) => lastStatus === 'RUNNING');
const siblingRuns = (view) => countedRunning(view) > 0 && (runningOf(view).length > 0 || !seesRunning(view));
/** A healthy task of the same revision that has run for clearly longer than those that failed. */
function siblingOutlived(failures, view) {
    if (countedRunning(view) <= 0)
        return false;
    const lives = failures.map(({ task }) => lifetime(task, view.now));
    const needed = Math.max(...lives) * OUTLIVED_FACTOR + OUTLIVED_SECONDS;
    const siblings = runningOf(view);
    // Counted, and not seen: its age is that of the last growth of the count.
    if (siblings.length === 0)
        return !seesRunning(view) && view.now - view.snapshot.lastProgressAt >= needed;
    return siblings.some(({ id, startedAt }) => {
        const target = view.snapshot.targetHealth.get(id);
        if (target && target.state !== 'healthy')
            return false;
        return startedAt !== undefined && view.now - startedAt >= needed;
    });
}
const lifetime = (task, now) => task?.startedAt === undefined ? 0 : Math.max(0, (task.stoppedAt ?? now) - task.startedAt);
/**
 * Two tasks of ours that ended of the same cause in the same container. An end without a known cause counts as well:
 * twice the same unknown text, twice "essential container exited".
 */
function matching(view) {
    const bad = view.troubles.filter(({ from, diagnosis: { nature }, task }) => {
        const vague = nature === 'unknown' || nature === 'symptom';
        return from === 'task' && (nature === 'ambiguous' || (vague && !wasAskedToStop(task)));
    });
    const groups = Object.values(Object.groupBy(bad, ({ diagnosis }) => keyOf(diagnosis)));
    const repeated = groups.find((group) => group && group.length >= 2);
    return repeated && !siblingOutlived(repeated, view) ? repeated : [];
}
const wasAskedToStop = (task) => task?.stopCode === 'UserInitiated' ||
    (task?.stopCode === 'ServiceSchedulerInitiated' && !/health/i.test(task.stoppedReason ?? ''));
/** Answering wrongly and not answering are the same to a load balancer, which reports now one, now the other. */
const keyOf = ({ rule, container = '', nature, cause }) => nature === 'unknown' ? cause : rule.startsWith('elb-') ? 'elb' : `${rule} ${container}`;
/** Where tasks may not be seen, or say nothing, ECS's counter and events are what is left. */
function unseenFailures(view, ours) {
    const { snapshot, troubles } = view;
    if (ours.runningCount > 0 || troubles.some(({ from }) => from === 'task'))
        return undefined;
    const told = troubles.find(({ from, diagnosis }) => from === 'event' && diagnosis.nature === 'ambiguous');
    if (told && ours.failedTasks >= 2) {
        return failed(view, `${told.diagnosis.cause} (${ours.failedTasks} tasks failed.)`, told.diagnosis);
    }
    if (ours.failedTasks < FAILURES_UNSEEN || snapshot.tasks.length > 0)
        return undefined;
    const blind = snapshot.denied.some((action) => action === 'ecs:ListTasks' || action === 'ecs:DescribeTasks');
    const advice = blind ? ' Allow ecs:ListTasks and ecs:DescribeTasks to be told why.' : '';
    return failed(view, `${ours.failedTasks} tasks of the new revision failed one after another and none runs.${advice}`);
}
/** When the trouble was seen, as far as ECS says. */
const timeOf = ({ at, task }) => at ?? task?.stoppedAt;

// EXTERNAL MODULE: ./src/service/rolling.ts
var rolling = __webpack_require__(1978);
;// CONCATENATED MODULE: ./src/service/blocked.ts




/** What only more machines or fewer tasks can give. */
const NEEDS_ROOM = new Set([
    'insufficient-memory',
    'insufficient-cpu',
    'insufficient-gpu',
    'host-port-conflict',
    'eni-limit',
    'no-container-instances',
    'capacity-provider-empty',
    'placement-constraint',
    'missing-attribute',
]);
/** No machine is lacking, but the account may not have more of them. */
const QUOTAS = new Set(['fargate-quota']);
/** The event may be about a task that was just going away. */
const PROOF_SECONDS = 10;
/** Quotas are shared with other services, which may give something back. */
const PATIENCE_SECONDS = 120;
/**
 * Placement that waits for what cannot come: nothing of ours runs or is on its way, no old task may be stopped to make
 * room (the minimum needs all of them), none is leaving, and no capacity provider adds machines.
 */
function neverPlaced(view) {
    const { ours, now } = view;
    const trouble = view.troubles.findLast(({ diagnosis: { nature, rule } }) => nature === 'blocked' || QUOTAS.has(rule));
    if (!trouble || !ours)
        return undefined;
    const since = timeOf(trouble);
    if (since === undefined || isOutdated(trouble, since, view) || !roomCannotCome(view, ours))
        return undefined;
    const { rule, transient, cause } = trouble.diagnosis;
    const room = NEEDS_ROOM.has(rule);
    if (!room && !QUOTAS.has(rule) && transient)
        return undefined;
    const freed = view.snapshot.othersMovedAt ?? 0;
    // Placement is tried again some time after others have left.
    const patience = room && freed <= since ? PROOF_SECONDS : PATIENCE_SECONDS;
    if (now - Math.max(since, freed) < patience)
        return undefined;
    return stuck(view, `${cause} ${whyNever(view)}`, trouble.diagnosis);
}
/**
 * The arithmetic itself allows no step: no old task may stop and no new one start. Refused before our own change
 * (rolling.ts); somebody else may have changed the percents, or the service was found in this state.
 */
function neverMoves(view) {
    const { ours, deployment, now, snapshot } = view;
    if (!ours || ours.runningCount + ours.pendingCount > 0 || now - deployment.startedAt < PROOF_SECONDS)
        return undefined;
    const { service } = snapshot;
    const waves = (0,rolling/* planWaves */.K)(service);
    const others = service.deployments.filter(({ id }) => id !== deployment.id);
    const old = others.reduce((sum, { runningCount, pendingCount }) => sum + runningCount + pendingCount, 0);
    const wantsOld = others.reduce((sum, { desiredCount }) => sum + desiredCount, 0);
    if (!waves.stuck || old < service.desiredCount || wantsOld < service.desiredCount)
        return undefined;
    const text = 'was unable to stop or start tasks during a deployment because of the service deployment configuration';
    const known = (0,diagnose.diagnose)({ surface: 'service.event', text, context: {} });
    const evidence = { ...known.evidence, text: waves.sentence };
    return stuck(view, waves.sentence, { ...known, cause: waves.sentence, evidence });
}
const isOutdated = ({ from }, since, { snapshot }) => snapshot.lastProgressAt > since ||
    (from === 'event' && snapshot.events.some(({ at, message }) => at > since && /has started \d+ tasks?/.test(message)));
function roomCannotCome({ snapshot, deployment }, ours) {
    const { service, tasks, addsCapacity, othersRan = false } = snapshot;
    if (ours.runningCount + ours.pendingCount > 0 || ours.desiredCount === 0)
        return false;
    if (service.schedulingStrategy === 'DAEMON')
        return false;
    const others = service.deployments.filter(({ id }) => id !== deployment.id);
    const leaving = others.some(({ runningCount, pendingCount, desiredCount }) => runningCount + pendingCount > desiredCount);
    // ECS keeps a task PROVISIONING only where managed scaling will make room for it.
    const scales = (addsCapacity ?? service.capacityProviders.some((name) => !/^FARGATE(_SPOT)?$/.test(name))) ||
        tasks.some(({ lastStatus }) => lastStatus === 'PROVISIONING');
    const old = others.reduce((sum, { runningCount }) => sum + runningCount, 0);
    // Old tasks that no longer count may drain for minutes yet, and hold what they have until they have stopped.
    const draining = old === 0 && othersRan;
    const mayStopOld = old > 0 && (0,rolling/* planWaves */.K)(service).lo < Math.max(old, service.desiredCount);
    return !leaving && !scales && !draining && !mayStopOld;
}
function whyNever({ snapshot: { service }, deployment }) {
    const old = service.deployments.some(({ id, runningCount }) => id !== deployment.id && runningCount > 0);
    const kept = old
        ? `minimum-healthy-percent ${service.minimumHealthyPercent} keeps every old task until a new one runs, and`
        : 'Nothing runs that could make room, and';
    return `This cannot heal by itself: ${kept} no capacity provider adds capacity.`;
}

;// CONCATENATED MODULE: ./src/service/settled.ts

/** DescribeServices may still show what was before our UpdateService. */
const STALE_SECONDS = 30;
/** From FAILED to the predecessor being PRIMARY again; a breaker that has nothing to go back to never gets there. */
const DISPLACEMENT_SECONDS = 120;
/**
 * What ECS itself has decided about our deployment: restored, restoring, failed, stopped, replaced; undefined while it
 * has not. The service deployment says it best; without it (denied, not found yet) the service's deployments do.
 */
function settledByEcs(view) {
    const { snapshot, deployment, primary, ours, now } = view;
    const { serviceDeployment: told, service } = snapshot;
    if (service.status === 'INACTIVE' || service.status === 'DRAINING') {
        return { kind: 'stopped', reason: `The service ${service.name} was deleted while it was being deployed.` };
    }
    switch (told?.status) {
        case 'ROLLBACK_SUCCESSFUL':
            return rolledBack(view);
        case 'ROLLBACK_FAILED':
            if (deployment.previousTaskDefinitionArn === undefined)
                return failed(view, reasonOf(view));
            return failed(view, `ECS could not restore ${shortOf(deployment.previousTaskDefinitionArn)} after ${shortOf(deployment.taskDefinitionArn)}: ${reasonOf(view)}`);
        case 'ROLLBACK_REQUESTED':
        case 'ROLLBACK_IN_PROGRESS':
            return rollingBack(view);
        case 'STOPPED':
            return stopped(view, told.statusReason ?? 'The service deployment was stopped.');
    }
    if (!primary || primary.id !== deployment.id)
        return displaced(view);
    if (primary.rolloutState === 'FAILED') {
        const due = now - primary.updatedAt < DISPLACEMENT_SECONDS;
        return due && restores(view) ? rollingBack(view) : failed(view, reasonOf(view));
    }
    const alarmed = told?.alarms?.status === 'TRIGGERED' || (told?.alarms?.triggered.length ?? 0) > 0;
    if (told?.circuitBreaker?.status === 'TRIGGERED' || alarmed) {
        return restores(view) ? rollingBack(view) : failed(view, reasonOf(view));
    }
    return ours ? undefined : displaced(view);
}
/** ECS puts the predecessor back by itself; without a completed one its breaker stalls. */
function restores({ snapshot: { service } }) {
    const asked = (service.circuitBreaker?.enable && service.circuitBreaker.rollback) ||
        (service.alarms?.enable && service.alarms.rollback);
    return Boolean(asked) && service.deployments.some(({ rolloutState }) => rolloutState === 'COMPLETED');
}
function stopped(view, reason) {
    const { snapshot, deployment, primary, ours, now } = view;
    if (primary && primary.id !== deployment.id && !isRestored(view, primary))
        return superseded(primary);
    // Its breaker or an alarm ended it, and nobody asked ECS to restore anything.
    if (ours?.rolloutState === 'FAILED')
        return failed(view, reasonOf(view));
    if (!/replaced|superseded|newer/i.test(reason))
        return { kind: 'stopped', reason };
    // DescribeServices will show in a moment by whom.
    if (now - (snapshot.serviceDeployment?.finishedAt ?? now) < STALE_SECONDS) {
        return wait('ECS to show what replaced the deployment');
    }
    return { kind: 'superseded', byDeployment: 'a newer deployment', byTaskDefinition: 'another revision' };
}
/** PRIMARY is another one: ECS restores the old revision, or somebody deployed a newer one. */
function displaced(view) {
    const { snapshot, deployment, primary, ours } = view;
    if (!primary)
        return wait('ECS to show the deployment');
    const older = primary.createdAt < deployment.startedAt - 1;
    if (!isRestored(view, primary)) {
        const stale = older && !ours && snapshot.at - deployment.startedAt < STALE_SECONDS;
        if (stale)
            return wait('ECS to show the deployment');
        // A rollback reuses the older deployment; whoever deploys anew gets a younger one.
        if (!older || primary.taskDefinitionArn !== deployment.previousTaskDefinitionArn)
            return superseded(primary);
    }
    const whole = primary.rolloutState === 'COMPLETED' && primary.runningCount >= primary.desiredCount;
    return whole ? rolledBack(view) : rollingBack(view);
}
/** Whether ECS says that it put this deployment back in place of ours. */
function isRestored({ snapshot, deployment, ours }, primary) {
    if (/rolling back|rolled back/i.test(primary.rolloutStateReason ?? ''))
        return true;
    if (snapshot.events.some(({ message }) => message.includes(`rolling back to deployment ${primary.id}`)))
        return true;
    const before = primary.taskDefinitionArn === deployment.previousTaskDefinitionArn;
    const older = primary.createdAt < deployment.startedAt - 1;
    return (before || older) && ours?.rolloutState === 'FAILED';
}

;// CONCATENATED MODULE: ./src/service/success.ts
/** So many of the things that went wrong on the way are worth a word afterwards. */
const WARNINGS = 5;
/**
 * Proof of success: ours is PRIMARY (judge has seen to that), ECS says COMPLETED or SUCCESSFUL, and it runs what is
 * wanted now, not at the start: autoscaling may have moved it.
 */
function isDone(view, ours) {
    const { service, serviceDeployment: told } = view.snapshot;
    if (nothingIsWanted(view, ours))
        return true;
    const early = told?.earlySuccessPercent ?? service.earlySuccessPercent;
    const wanted = Math.max(ours.desiredCount, service.schedulingStrategy === 'DAEMON' ? 0 : service.desiredCount);
    const enough = early === undefined ? wanted : Math.ceil((wanted * Math.min(early, 100)) / 100);
    return saysDone(view, ours) && ours.runningCount - onTheirWayOut(view) >= enough;
}
/** Counted as running still, but told to stop: one that failed right after ECS had looked. Health is ECS's to judge. */
const onTheirWayOut = ({ snapshot: { tasks } }) => tasks.filter(({ lastStatus, desiredStatus, stoppedReason = '' }) => lastStatus === 'RUNNING'
    ? desiredStatus === 'STOPPED'
    : lastStatus === 'DEACTIVATING' && /health check/i.test(stoppedReason)).length;
/** The service deployment knows best: a bake or a hook may follow when the rollout state is COMPLETED already. */
function saysDone({ snapshot }, ours) {
    const { serviceDeployment: told } = snapshot;
    if (told?.status === 'SUCCESSFUL')
        return true;
    const stage = told?.lifecycleStage;
    const held = stage !== undefined && stage !== 'CLEAN_UP' && stage !== 'SCALE_UP' && stage !== 'RECONCILE_SERVICE';
    if (ours.rolloutState === undefined)
        return isSteady(snapshot, ours);
    return ours.rolloutState === 'COMPLETED' && !held;
}
/** Where ECS keeps no rollout state: nothing but ours is left, and ECS calls the service steady since it began. */
const isSteady = ({ service, events }, { runningCount, pendingCount }) => service.deployments.length === 1 &&
    runningCount > 0 &&
    pendingCount === 0 &&
    events.some(({ message }) => message.includes('has reached a steady state'));
/** Desired count 0 and nothing left to stop: ECS has no task by which it could find anything wrong. */
function nothingIsWanted({ snapshot: { service, serviceDeployment: told } }, ours) {
    if (service.schedulingStrategy === 'DAEMON' || service.desiredCount > 0 || ours.desiredCount > 0)
        return false;
    const left = service.deployments.some(({ runningCount, pendingCount, desiredCount }) => runningCount + pendingCount + desiredCount > 0);
    // A hook may still refuse the revision.
    const held = told !== undefined && (told.hooks.length > 0 || told.lifecycleStage !== undefined);
    return !left && !held;
}
function success({ snapshot, troubles }, ours) {
    const { service, denied } = snapshot;
    const onTheWay = troubles.flatMap(({ from, diagnosis: { severity, nature, cause } }) => from === 'deployment' || severity === 'normal' || nature === 'symptom' || nature === 'normal'
        ? []
        : [`On the way: ${cause}`]);
    const nothing = `The desired count of ${service.name} is ${service.desiredCount}, so no task runs: nothing was verified.`;
    return {
        kind: 'succeeded',
        runningCount: ours.runningCount,
        digests: digestsOf(snapshot),
        warnings: [
            ...(ours.runningCount === 0 ? [nothing] : []),
            ...[...new Set(onTheWay)].slice(0, WARNINGS),
            ...denied.map((action) => `${action} is denied; allowing it would let this action prove and explain more.`),
        ],
    };
}
/** What the service revision resolved each image to; else what the running tasks pulled. */
function digestsOf({ revision, tasks }) {
    const resolved = (revision?.images ?? []).flatMap(({ containerName, digest }) => digest ? [[containerName, digest]] : []);
    const pulled = tasks
        .filter(({ lastStatus }) => lastStatus === 'RUNNING')
        .flatMap(({ containers }) => containers)
        .flatMap(({ name, imageDigest }) => (imageDigest ? [[name, imageDigest]] : []));
    return Object.fromEntries(resolved.length > 0 ? resolved : pulled);
}

;// CONCATENATED MODULE: ./src/service/view.ts


const viewOf = (snapshot, deployment, now) => ({
    snapshot,
    deployment,
    now,
    ours: (0,service_snapshot/* oursIn */.D)(snapshot.service, deployment),
    primary: snapshot.service.deployments.find(({ status }) => status === 'PRIMARY'),
    troubles: snapshot.troubles ?? troublesOf(snapshot, deployment),
});

;// CONCATENATED MODULE: ./src/service/judge.ts






/** After this long without change, looking every 3 s tells no more than every 5 s. */
const QUIET_AFTER_SECONDS = 60;
/** What ECS gets, beyond our own limit, to finish a restore that it has begun. */
const RESTORE_SECONDS = 900;
/** Tasks that are on their way (a huge image, a machine that boots) get longer than a deployment in which nothing moves. */
const ON_THE_WAY_FACTOR = 2;
/**
 * What is true of our deployment at `now`. Pure: all memory is in the snapshot. In this order: what ECS has decided, a
 * proven success, a failure that is certain already, a pause, and then the limits.
 */
function judge(snapshot, deployment, now) {
    const view = viewOf(snapshot, deployment, now);
    const settled = settledByEcs(view);
    if (settled)
        return inTime(settled, view);
    const { ours } = view;
    if (!ours)
        return inTime(wait('ECS to show the deployment'), view);
    if (isDone(view, ours))
        return success(view, ours);
    return certainFailure(view) ?? neverMoves(view) ?? neverPlaced(view) ?? inTime(underWay(view, ours), view);
}
function underWay(view, ours) {
    const { snapshot, deployment, now, troubles } = view;
    const { serviceDeployment: told } = snapshot;
    const awaited = told?.hooks.find(({ status }) => status === 'AWAITING_ACTION');
    if (awaited) {
        return {
            kind: 'awaiting-approval',
            hook: awaited.id ?? awaited.targetType ?? 'a lifecycle hook',
            lookAgainInSeconds: QUIET_SECONDS,
            ...(awaited.expiresAt === undefined ? {} : { until: awaited.expiresAt }),
        };
    }
    const still = now - snapshot.lastProgressAt;
    const limit = deployment.noProgressSeconds * (ours.pendingCount > 0 ? ON_THE_WAY_FACTOR : 1);
    if (still >= limit && mustMove(view, ours)) {
        return stuck(view, `No further task became healthy for ${minutes(still)}: ${progressOf(ours)}.${because(view)}`);
    }
    const natures = new Set(['hopeless', 'ambiguous', 'unknown']);
    const suspected = troubles.filter(({ from, diagnosis }) => from !== 'deployment' && natures.has(diagnosis.nature));
    return wait(awaitedBy(view, ours), {
        lookAgainInSeconds: still < QUIET_AFTER_SECONDS ? SOON_SECONDS : QUIET_SECONDS,
        suspected: snapshot.diagnoses.filter((one) => suspected.some(({ diagnosis: { rule } }) => rule === one.rule)),
    });
}
/** Whether ECS ought to be starting tasks now: not once all run, nor while a stage, a hook or a queue holds it. */
function mustMove({ snapshot: { serviceDeployment: told, service } }, ours) {
    if (ours.runningCount >= ours.desiredCount)
        return false;
    if (told)
        return told.status !== 'PENDING' && (told.lifecycleStage ?? 'SCALE_UP') === 'SCALE_UP';
    // Without sight of the stages, a blue/green deployment that has not begun may be held by a hook.
    const held = service.strategy !== 'ROLLING' && ours.runningCount + ours.pendingCount + ours.failedTasks === 0;
    return !held;
}
function awaitedBy({ snapshot: { serviceDeployment: told } }, ours) {
    if (told?.status === 'PENDING')
        return 'ECS to begin the deployment, which it has accepted (PENDING)';
    if (told?.status === 'STOP_REQUESTED')
        return 'ECS to stop the deployment, as somebody asked';
    const stage = told?.lifecycleStage;
    if (ours.runningCount >= ours.desiredCount) {
        return `ECS to finish the deployment (${stage ? `stage ${stage}` : 'drain, bake time, alarms'})`;
    }
    return `its tasks: ${progressOf(ours)}${stage && stage !== 'SCALE_UP' ? `, stage ${stage}` : ''}`;
}
/** The total time-out, which a restore or a pause has its own answer to. */
function inTime(verdict, view) {
    const { deployment, now, ours, snapshot } = view;
    const late = now - deployment.startedAt - deployment.timeoutSeconds;
    if (late < 0)
        return verdict;
    switch (verdict.kind) {
        case 'waiting': {
            const where = ours ? progressOf(ours) : 'ECS does not show it';
            const reason = `Not done after ${minutes(deployment.timeoutSeconds)}: ${where}.${because(view)}`;
            return { kind: 'timed-out', reason, causes: snapshot.diagnoses };
        }
        case 'awaiting-approval': {
            const { lookAgainInSeconds: _, ...paused } = verdict;
            return { ...paused, kind: 'paused' };
        }
        case 'rolling-back':
            return late < RESTORE_SECONDS
                ? verdict
                : failed(view, `ECS was still restoring the old revision when time was up. ${reasonOf(view)}`);
        default:
            return verdict;
    }
}
function because({ snapshot: { diagnoses } }) {
    const telling = diagnoses.find(({ nature }) => nature !== 'symptom' && nature !== 'normal');
    return telling ? ` ${telling.cause}` : '';
}

;// CONCATENATED MODULE: ./src/service/optional.ts

/** Questions whose answer is a help, not a need: a denial is remembered, a refusal costs knowledge and never the deploy. */
class Optional {
    denied = new Set();
    #unknown = new Set();
    slowed = false;
    async ask(action, question) {
        if (this.denied.has(action) || this.#unknown.has(action))
            return undefined;
        try {
            return await question();
        }
        catch (thrown) {
            const failure = (0,src_failure/* asFailure */.h)(thrown);
            switch (failure.code) {
                case 'ACCESS_DENIED':
                    this.denied.add(action);
                    return undefined;
                case 'THROTTLED':
                case 'UNAVAILABLE':
                    this.slowed = true;
                    return undefined;
                case 'REFUSED':
                case 'NOT_FOUND':
                    // Not in this partition, not for this kind of service, or gone in this moment.
                    if (failure.code === 'REFUSED')
                        this.#unknown.add(action);
                    return undefined;
                default:
                    throw failure;
            }
        }
    }
}

;// CONCATENATED MODULE: ./src/diagnosis/logs.ts
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
/**
 * Where a container's log is: for awslogs the stream `prefix/container/task`.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html
 */
function logLocation(definition, container, taskId) {
    const found = definition.containerDefinitions.find(({ name }) => name === container);
    const log = isObject(found?.logConfiguration) ? found.logConfiguration : undefined;
    const options = isObject(log?.options) ? log.options : {};
    const prefix = options['awslogs-stream-prefix'];
    if (log?.logDriver === 'awslogs' && typeof prefix === 'string') {
        const group = String(options['awslogs-group'] ?? '');
        return {
            driver: 'awslogs',
            group,
            region: String(options['awslogs-region'] ?? ''),
            stream: `${prefix}/${container}/${taskId}`,
        };
    }
    if (!log)
        return {
            driver: 'other',
            hint: `The container ${container} has no logConfiguration: its output stays on the host.`,
        };
    return {
        driver: 'other',
        hint: `The container ${container} logs through ${String(log.logDriver)}: look there for task ${taskId}.`,
    };
}

;// CONCATENATED MODULE: ./src/service/secrets.ts
const MASK = '***';
/**
 * What looks like a secret wherever it stands. Each row keeps its first and last group and masks what is between.
 * CI logs are often public, and an application's last words often hold its connection string.
 */
const PATTERNS = [
    // PEM blocks: private keys, certificates' keys; also cut off at the end of a tail.
    /(-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----)[\s\S]*?(-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----|$)/g,
    // scheme://user:password@host; the password may hold an @ as long as a host follows the last one.
    /(\b[a-z][a-z0-9+.-]{1,30}:\/\/[^\s:/@'"]{0,128}:)[^\s'"]{1,512}(@[\w.[\]-])/gi,
    // AWS secret access keys, session tokens, by name.
    /((?:aws_?)?(?:secret_?access_?key|session_?token|security_?token)["']?\s{0,3}[=:]\s{0,3}["']?)[^\s"',;]{8,4096}()/gi,
    // AWS access key ids: no secret alone, but half of one.
    /(\b)(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(\b)/g,
    // Authorization headers, Bearer and Basic.
    /(\bauthorization["']?\s{0,3}[=:]\s{0,3}["']?(?:bearer|basic|token)?\s{0,3})[\w+/=.~:-]{8,4096}()/gi,
    /(\b(?:bearer|basic)\s{1,3})[\w+/=.~-]{16,4096}()/gi,
    // JSON Web Tokens.
    /(\b)eyJ[\w-]{8,2048}\.[\w-]{8,8192}(?:\.[\w-]{0,2048})?()/g,
    // Tokens that name their maker: GitHub, GitLab, Slack, Stripe, npm, Google, SendGrid, OpenAI and their like.
    /(\b)(?:gh[pousr]_\w{20,255}|github_pat_\w{20,255}|glpat-[\w-]{16,255}|xox[abeprs]-[\w-]{10,255}|[sr]k_(?:live|test)_\w{10,255}|npm_\w{20,255}|AIza[\w-]{30,60}|SG\.[\w-]{16,64}\.[\w-]{16,128}|sk-[\w-]{20,255})()/g,
    // The signature of a presigned URL, and its credentials.
    /([?&](?:X-Amz-Signature|X-Amz-Security-Token|X-Amz-Credential|sig|signature)=)[^&\s"']{8,4096}()/gi,
    // NAME=value, "name": "value", --name value, where the name says that it is a secret. A word about a password is none.
    /((?:^|[\s,;{(?&"'-])["']?[\w.-]{0,64}(?:password|passwd|passphrase|pwd|secret|api_?-?key|apikey|private_?-?key|access_?-?key|auth_?-?token|access_?-?token|refresh_?-?token|client_?-?secret|credentials?|token)["']?\s{0,3}(?:=|:)\s{0,3}["'])[^"'\n]{1,1024}(["'])/gim,
    /((?:^|[\s,;{(?&"'-])["']?[\w.-]{0,64}(?:password|passwd|passphrase|pwd|secret|api_?-?key|apikey|private_?-?key|access_?-?key|auth_?-?token|access_?-?token|refresh_?-?token|client_?-?secret|token)["']?(?:=|:\s{0,3}))(?!["'*{[(]|(?:null|undefined|none|true|false|missing|invalid|required|expired|expected|unexpected|unknown|denied|rejected|found|empty|not|is|was|must|cannot|too)\b)[^\s"',;&)}\]]{4,1024}()/gim,
];
/**
 * Text without its secrets: what is known to be one (`values`, each wherever it stands) and what looks like one. Lines
 * stay lines, so that a tail can be cut after it.
 */
function maskSecrets(text, values = []) {
    let masked = text;
    // Longest first: one secret may begin with another.
    for (const value of values.toSorted((a, b) => b.length - a.length))
        masked = masked.replaceAll(value, MASK);
    for (const pattern of PATTERNS)
        masked = masked.replace(pattern, `$1${MASK}$2`);
    return masked;
}
const SECRET_NAME = /passw|passphrase|pwd|secret|token|api_?key|private_?key|access_?key|credential|_dsn$|connection_?string/i;
/** Shorter values would mask ordinary words. */
const SHORTEST = 6;
/** Values of environment variables whose names say that they should have been secrets. */
function secretValues({ containerDefinitions }) {
    const values = containerDefinitions.flatMap(({ environment }) => entries(environment).flatMap(({ name, value }) => typeof name === 'string' && typeof value === 'string' && SECRET_NAME.test(name) && value.length >= SHORTEST
        ? [value]
        : []));
    return [...new Set(values)];
}
const entries = (value) => Array.isArray(value)
    ? value.filter((one) => typeof one === 'object' && one !== null && !Array.isArray(one))
    : [];

;// CONCATENATED MODULE: ./src/service/tail.ts


const LOG_LINES = 20;
/** Lines reach CloudWatch some seconds after the container ended. */
const LOG_READS = 3;
/** Tasks that end alike say alike: so many of them are read for each container and exit code. */
const ALIKE = 3;
/** The last words of containers that ended by themselves or are unhealthy, with secrets masked. */
function logReader({ definition, logLines = LOG_LINES }, { logs }, asking) {
    const reads = new Map();
    const alike = new Map();
    const secrets = definition ? secretValues(definition) : [];
    /** Whether this log is to be read now: a few of a kind, each until it has something to say. */
    const due = ({ task, name, phase, exitCode }) => {
        const kind = `${name} ${phase} ${exitCode}`;
        const known = alike.get(kind) ?? new Set();
        alike.set(kind, known);
        if (!known.has(task.id) && known.size >= ALIKE)
            return false;
        known.add(task.id);
        return (reads.get(`${task.id}/${name} ${phase}`) ?? 0) < LOG_READS;
    };
    return async (tasks) => {
        if (!definition || logLines === 0)
            return {};
        const found = new Map();
        const hints = new Map();
        const read = async ({ task, name, phase }) => {
            const key = `${task.id}/${name}`;
            const place = logLocation(definition, name, task.id);
            if (place.driver !== 'awslogs') {
                hints.set(name, place.hint);
                return;
            }
            reads.set(`${key} ${phase}`, (reads.get(`${key} ${phase}`) ?? 0) + 1);
            const { region, group, stream } = place;
            const lines = await asking.ask('logs:GetLogEvents', () => logs.tail({ region, group, stream, limit: logLines }));
            if (!lines || lines.length === 0)
                return;
            reads.set(`${key} ${phase}`, LOG_READS);
            const text = maskSecrets(lines.map(({ message }) => message).join('\n'), secrets);
            found.set(key, text.split('\n').slice(-logLines));
        };
        await Promise.all(tasks.flatMap(telling).filter(due).map(read));
        return { ...(found.size > 0 ? { logs: found } : {}), ...(hints.size > 0 ? { logHints: hints } : {}) };
    };
}
/** The containers whose log may tell why: ended by themselves, or found at fault by a health check. */
function telling(task) {
    const { lastStatus, healthStatus, stopCode, stoppedReason, containers } = task;
    const phase = lastStatus === 'STOPPED' ? 'ended' : 'unhealthy';
    const crashed = stopCode === 'EssentialContainerExited' && phase === 'ended';
    const unhealthy = phase === 'ended' ? /health check/i.test(stoppedReason ?? '') : healthStatus === 'UNHEALTHY';
    const guilty = containers.filter((one) => crashed ? one.exitCode !== undefined && one.exitCode !== 0 : one.healthStatus === 'UNHEALTHY');
    if (!crashed && !unhealthy)
        return [];
    return (guilty.length > 0 ? guilty : containers).map(({ name, exitCode }) => ({ task, name, phase, exitCode }));
}

;// CONCATENATED MODULE: ./src/service/look.ts




/** Tasks are asked for when the service's picture changed, and else this often: a verdict on them is due within 15 s. */
const TASKS_AT_LEAST_EVERY_SECONDS = 8;
const TARGETS_EVERY_SECONDS = 10;
/** A runner that cannot reach load balancers must not wait for them again and again. */
const SILENCES = 2;
/** The service deployment appears within moments of UpdateService, or not at all (denied by a proxy, an old partition). */
const SEARCH_EAGERLY_SECONDS = 20;
const SEARCH_EVERY_SECONDS = 15;
/** One look after another; keeps what costs calls and need not be asked again. */
function observer(deployment, world) {
    const { clock, ecs } = world;
    const asking = new Optional();
    const read = logReader(deployment, world, asking);
    const findServiceDeployment = serviceDeploymentFinder(deployment, world, asking);
    const ourTasks = taskLister(deployment, world, asking);
    // Load balancers have limits of their own, and no word in how often ECS is asked.
    const aside = new Optional();
    const targetHealth = targetAsker(world, aside);
    return async (previous) => {
        asking.slowed = false;
        const [services, serviceDeployment] = await Promise.all([
            ecs.describeServices(deployment.cluster, [deployment.service]),
            findServiceDeployment(),
        ]);
        const [service] = services;
        if (!service)
            throw new src_failure/* Failure */.H('NOT_FOUND', `The service ${deployment.service} is gone.`);
        const tasks = await ourTasks(service, previous);
        const ours = (0,service_snapshot/* oursIn */.D)(service, deployment);
        const done = serviceDeployment?.status === 'SUCCESSFUL' || ours?.rolloutState === 'COMPLETED';
        const target = serviceDeployment?.target?.arn;
        const known = tasks ?? previous?.tasks ?? [];
        const [revisions, health, addsCapacity, lastWords] = await Promise.all([
            done && target !== undefined && previous?.revision === undefined
                ? asking.ask('ecs:DescribeServiceRevisions', () => ecs.describeServiceRevisions([target]))
                : undefined,
            done ? undefined : targetHealth(service, known.filter(isOurs(deployment)), previous),
            previous && previous.addsCapacity === undefined ? addsMachines(service, previous, world, asking) : undefined,
            read(known.filter(isOurs(deployment))),
        ]);
        const [revision] = revisions ?? [];
        return {
            at: clock.now(),
            service,
            denied: [...asking.denied, ...aside.denied],
            slowed: asking.slowed,
            ...lastWords,
            ...(tasks ? { tasks } : {}),
            ...(serviceDeployment ? { serviceDeployment } : {}),
            ...(revision ? { revision } : {}),
            ...(health ? { targetHealth: health } : {}),
            ...(addsCapacity === undefined ? {} : { addsCapacity }),
        };
    };
}
const isOurs = ({ id }) => ({ startedBy }) => startedBy === id;
function serviceDeploymentFinder(deployment, { ecs, clock }, asking) {
    let found;
    let searchedAt;
    return async () => {
        const now = clock.now();
        const eager = now - deployment.startedAt <= SEARCH_EAGERLY_SECONDS;
        if (found === undefined && (searchedAt === undefined || eager || now - searchedAt >= SEARCH_EVERY_SECONDS)) {
            searchedAt = now;
            const { cluster, service, startedAt } = deployment;
            const briefs = await asking.ask('ecs:ListServiceDeployments', () => ecs.listServiceDeployments({ cluster, service, createdAfter: startedAt - 60 }));
            // The revision of a service deployment carries the number of ecs-svc/NUMBER.
            const number = deployment.id.slice(deployment.id.indexOf('/') + 1);
            found = briefs?.find(({ targetServiceRevisionArn }) => targetServiceRevisionArn?.endsWith(`/${number}`))?.arn;
        }
        const arn = found;
        if (arn === undefined)
            return undefined;
        return (await asking.ask('ecs:DescribeServiceDeployments', () => ecs.describeServiceDeployments([arn])))?.[0];
    };
}
function taskLister(deployment, { ecs, clock }, asking) {
    const query = { cluster: deployment.cluster, service: deployment.service };
    /** Tasks that can tell nothing new: other deployments', and those of ours that have ended. */
    const settled = new Set();
    let lastPicture = '';
    let askedAt = 0;
    return async (service, previous) => {
        const ours = (0,service_snapshot/* oursIn */.D)(service, deployment);
        const picture = JSON.stringify([service.deployments.map((d) => ({ ...d, updatedAt: 0 })), service.events[0]?.id]);
        if (picture === lastPicture && clock.now() - askedAt < TASKS_AT_LEAST_EVERY_SECONDS)
            return undefined;
        lastPicture = picture;
        askedAt = clock.now();
        const live = (previous?.tasks ?? []).filter(({ lastStatus }) => lastStatus !== 'STOPPED').map(({ arn }) => arn);
        const list = (desiredStatus) => asking.ask('ecs:ListTasks', () => ecs.listTasks({ ...query, desiredStatus }));
        const moving = ours !== undefined && ours.runningCount + ours.pendingCount > 0;
        const well = ours !== undefined && ours.failedTasks === 0 && ours.runningCount >= ours.desiredCount;
        const listed = await Promise.all([moving ? list('RUNNING') : [], well ? [] : list('STOPPED')]);
        const arns = [...new Set([...live, ...listed.flatMap((some) => some ?? [])])].filter((arn) => !settled.has(arn));
        if (arns.length === 0)
            return [];
        const tasks = await asking.ask('ecs:DescribeTasks', () => ecs.describeTasks(deployment.cluster, arns));
        for (const { arn, startedBy, lastStatus } of tasks ?? []) {
            if (startedBy !== deployment.id || lastStatus === 'STOPPED')
                settled.add(arn);
        }
        return tasks;
    };
}
/** How the load balancer sees our running tasks, by task id; only tasks with an address of their own can be told apart. */
function targetAsker({ targets, clock }, asking) {
    let askedAt = 0;
    let silences = 0;
    return async ({ loadBalancers }, tasks, previous) => {
        const byAddress = new Map(tasks.flatMap(({ id, lastStatus, privateIp }) => lastStatus === 'RUNNING' && privateIp ? [[privateIp, id]] : []));
        const groups = groupsOf(loadBalancers);
        if (!targets || groups.length === 0 || byAddress.size === 0 || silences > SILENCES)
            return undefined;
        if (clock.now() - askedAt < TARGETS_EVERY_SECONDS)
            return undefined;
        askedAt = clock.now();
        const answers = await Promise.all(groups.map((group) => asking.ask('elasticloadbalancing:DescribeTargetHealth', () => targets.health(group))));
        silences = answers.every((answer) => answer === undefined) ? silences + 1 : 0;
        const found = new Map(previous?.targetHealth);
        for (const { id, state, reason, description } of answers.flatMap((some) => some ?? [])) {
            const taskId = byAddress.get(id);
            if (taskId === undefined)
                continue;
            found.set(taskId, { state, ...(reason ? { reason } : {}), ...(description ? { description } : {}) });
        }
        return found;
    };
}
const groupsOf = (balancers) => [
    ...new Set(balancers.flatMap(({ targetGroupArn }) => targetGroupArn ?? [])),
];
/** Asked once, when placement is blocked: Fargate has no machines that could be added. */
async function addsMachines({ capacityProviders }, { diagnoses }, { resources }, asking) {
    const names = capacityProviders.filter((name) => !/^FARGATE(_SPOT)?$/.test(name));
    if (!resources || names.length === 0 || !diagnoses.some(({ nature }) => nature === 'blocked'))
        return undefined;
    const found = await asking.ask('ecs:DescribeCapacityProviders', async () => (await resources()).capacityProviders(names));
    return found && found.length === names.length ? found.some(({ addsInstances }) => addsInstances) : undefined;
}

;// CONCATENATED MODULE: ./src/service/watch.ts




const FIRST_BACKOFF_SECONDS = 5;
const LONGEST_BACKOFF_SECONDS = 20;
/**
 * Watches our deployment until the verdict is final. A look costs one or two calls, and three to five more when tasks
 * moved. Throttling and outages slow it down; they never fail a rollout before its time.
 * @throws Failure ACCESS_DENIED (DescribeServices) or CREDENTIALS at once, CANCELLED when the run is, THROTTLED or
 *   UNAVAILABLE when ECS could not be asked until the time was up
 */
async function watch(deployment, world, listener) {
    const { clock, signal } = world;
    const look = observer(deployment, world);
    let snapshot;
    let backoff = FIRST_BACKOFF_SECONDS;
    const pause = () => {
        const seconds = backoff * (0.75 + clock.random() / 2);
        backoff = Math.min(backoff * 2, LONGEST_BACKOFF_SECONDS);
        return seconds;
    };
    for (;;) {
        let slower = false;
        try {
            const { slowed, ...observed } = await look(snapshot);
            snapshot = nextSnapshot(snapshot, observed, deployment);
            slower = slowed;
        }
        catch (thrown) {
            const failure = (0,src_failure/* asFailure */.h)(thrown);
            const late = clock.now() - deployment.startedAt > deployment.timeoutSeconds;
            if (late || (failure.code !== 'THROTTLED' && failure.code !== 'UNAVAILABLE'))
                throw failure;
            await clock.sleep(pause(), signal);
            continue;
        }
        const verdict = judge(snapshot, deployment, clock.now());
        listener(snapshot, verdict);
        if (!('lookAgainInSeconds' in verdict))
            return { verdict, snapshot };
        if (!slower)
            backoff = FIRST_BACKOFF_SECONDS;
        await clock.sleep(slower ? Math.max(pause(), verdict.lookAgainInSeconds) : verdict.lookAgainInSeconds, signal);
    }
}


/***/ }),

/***/ 7382:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   G9: () => (/* binding */ settle),
/* harmony export */   KW: () => (/* binding */ cancelled),
/* harmony export */   tN: () => (/* binding */ undo)
/* harmony export */ });
/* harmony import */ var _failure_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1633);
/* harmony import */ var _service_restore_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8025);
/* harmony import */ var _service_watch_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(1088);
/* harmony import */ var _world_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(3079);




/** The outcome of what was watched, with the old revision back in place where that was asked for. */
async function settle(facts, { verdict, snapshot }, untouched, inputs, world, account) {
    const name = facts.revision ? (0,_world_js__WEBPACK_IMPORTED_MODULE_3__/* .nameOf */ .V)(facts.revision) : '';
    const known = {
        ...facts,
        verdict,
        service: snapshot.service,
        diagnoses: snapshot.diagnoses,
        ...(snapshot.serviceDeployment ? { serviceDeploymentArn: snapshot.serviceDeployment.arn } : {}),
    };
    switch (verdict.kind) {
        case 'succeeded': {
            const many = verdict.runningCount === 1 ? '1 task' : `${verdict.runningCount} tasks`;
            const headline = untouched
                ? `${name} already runs, healthy: ${many}. Nothing was changed.`
                : `${name} runs: ${many}, healthy.`;
            const kind = untouched ? 'unchanged' : 'deployed';
            return { ...known, kind, headline, diagnoses: [], warnings: [...facts.warnings, ...verdict.warnings] };
        }
        case 'superseded': {
            const by = shortOf(verdict.byTaskDefinition);
            return {
                ...known,
                kind: 'superseded',
                headline: `A newer deployment took over: ${verdict.byDeployment} with ${by}.`,
            };
        }
        case 'rolled-back':
            return {
                ...known,
                kind: 'rolled-back',
                headline: `${verdict.reason} ECS rolled back to ${shortOf(verdict.to) || 'the revision before'}.`,
            };
        case 'paused':
            return {
                ...known,
                kind: 'paused',
                headline: `${name} waits at ${verdict.hook} for somebody to continue or to roll back the deployment in ECS.`,
            };
        case 'stopped':
            return { ...known, kind: 'failed', headline: verdict.reason };
        case 'failed':
        case 'stuck':
        case 'timed-out': {
            if (!inputs.recovery.rollbackOnFailure || untouched)
                return { ...known, kind: 'failed', headline: verdict.reason };
            const back = await bringBack(known, { verdict, snapshot }, world, account);
            if (inputs.recovery.deregisterFailedRevision && back.kind === 'rolled-back' && facts.revision) {
                await world.ecs.deregisterTaskDefinition(facts.revision.arn);
                account.step(`deregistered ${name}`);
            }
            return back;
        }
    }
}
/** The step still fails with the first cause, whatever becomes of the rollback. */
async function bringBack(known, { verdict, snapshot }, world, account) {
    const { reason } = verdict;
    const to = shortOf(known.deployment.previousTaskDefinitionArn);
    try {
        const restoring = await (0,_service_restore_js__WEBPACK_IMPORTED_MODULE_1__/* .restore */ .PF)(known.deployment, snapshot, world);
        if (restoring.kind === 'nothing-before') {
            return { ...known, kind: 'failed', headline: `${reason} There is no revision before it to go back to.` };
        }
        account.step(`putting ${to} back (${restoring.by})`);
        const back = await (0,_service_watch_js__WEBPACK_IMPORTED_MODULE_2__/* .watch */ .w)(restoring.deployment, world, account.listener(restoring.deployment));
        const service = back.snapshot.service;
        if (back.verdict.kind === 'rolled-back' || back.verdict.kind === 'succeeded')
            return { ...known, service, kind: 'rolled-back', headline: `${reason} Rolled back to ${to}.` };
        return { ...known, service, kind: 'failed', headline: `${reason} Rolling back ended as ${back.verdict.kind}.` };
    }
    catch (thrown) {
        const { code, message } = (0,_failure_js__WEBPACK_IMPORTED_MODULE_0__/* .asFailure */ .h)(thrown);
        const headline = code === 'CANCELLED'
            ? `${reason} The run was cancelled while ${to} was being put back, which ECS goes on with.`
            : `${reason} Putting ${to} back failed: ${message}`;
        return { ...known, kind: 'failed', headline };
    }
}
/**
 * A cancelled run: ECS goes on by itself, so the word is what state the service is in and how to undo it. With
 * `on-cancel: rollback` the old revision is put back, which takes one call; ECS does the rest, and post tells its end.
 */
async function cancelled(facts, inputs, world) {
    const { deployment } = facts;
    const { cluster, service: name } = deployment;
    const previous = shortOf(deployment.previousTaskDefinitionArn);
    if (inputs.recovery.onCancel === 'rollback' && previous !== '') {
        const [[service], serviceDeployment] = await Promise.all([
            world.ecs.describeServices(cluster, [name]),
            (0,_service_restore_js__WEBPACK_IMPORTED_MODULE_1__/* .unfinished */ .M1)(cluster, name, world.ecs),
        ]);
        if (service)
            await (0,_service_restore_js__WEBPACK_IMPORTED_MODULE_1__/* .restore */ .PF)(deployment, { service, ...(serviceDeployment ? { serviceDeployment } : {}) }, world);
        return {
            ...facts,
            kind: 'cancelled',
            headline: `Cancelled; ECS was told to put ${previous} back and does so now.`,
        };
    }
    const next = shortOf(deployment.taskDefinitionArn);
    return { ...facts, kind: 'cancelled', headline: `Cancelled; ECS goes on rolling out ${next}.${undo(deployment)}` };
}
/** How to undo a deployment by hand; nothing for the first one of a service. */
function undo({ cluster, service, previousTaskDefinitionArn }) {
    const previous = shortOf(previousTaskDefinitionArn);
    return previous === ''
        ? ''
        : ` To undo it: aws ecs update-service --cluster ${cluster} --service ${service} --task-definition ${previous}`;
}
/** `web:42` */
const shortOf = (arn) => arn?.split('/').at(-1) ?? '';


/***/ }),

/***/ 3079:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   V: () => (/* binding */ nameOf)
/* harmony export */ });
/** `web:42` */
const nameOf = ({ family, revision }) => `${family}:${revision}`;


/***/ })

};
