export const id = 327;
export const ids = [327];
export const modules = {

/***/ 7327:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  preflight: () => (/* binding */ preflight),
  refuseBad: () => (/* binding */ refuseBad)
});

// EXTERNAL MODULE: ./src/failure.ts
var src_failure = __webpack_require__(1633);
// EXTERNAL MODULE: ./src/image/inspect.ts
var inspect = __webpack_require__(4557);
;// CONCATENATED MODULE: ./src/preflight/arn.ts
/** Undefined for what is no ARN. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
function parseArn(text) {
    const [arn, partition, service, region, account, ...resource] = text.split(':');
    if (arn !== 'arn' || !partition || !service || region === undefined || account === undefined)
        return undefined;
    return resource.length === 0 ? undefined : { partition, service, region, account, resource: resource.join(':') };
}

// EXTERNAL MODULE: ./src/spelling.ts
var spelling = __webpack_require__(9229);
// EXTERNAL MODULE: ./src/taskdef/template.ts
var template = __webpack_require__(1912);
;// CONCATENATED MODULE: ./src/preflight/check.ts
function made(status, subject, problem, remedy) {
    const text = `${subject}: ${problem}${remedy ? ` ${remedy}` : ''}`;
    return { status, subject, problem, text, ...(remedy ? { remedy } : {}) };
}
/** As it should be; the second argument says what was seen. */
const ok = (subject, seen) => made('ok', subject, seen, undefined);
/** May go well; people should know. */
const warn = (subject, problem, remedy) => made('warn', subject, problem, remedy);
/** Could not be looked at. */
const skip = (subject, why, remedy) => made('skip', subject, why, remedy);
/** The deployment cannot succeed like this. */
const bad = (subject, problem, remedy) => made('bad', subject, problem, remedy);
/** Questions that were never asked (a caller's bug, told rather than thrown) and those without an answer. */
function unanswered(subject, answer) {
    if (answer === undefined)
        return skip(subject, 'was not looked at.');
    if (answer.kind === 'unknown')
        return skip(subject, `could not be looked at (${answer.reason}).`);
    return { ...denied([subject], answer.permission), permission: answer.permission };
}
const denied = (subjects, permission) => skip(subjects.join(', '), 'not checked, because IAM denies this job the right to look.', `Allow ${permission} to have it checked.`);
/** Several things that the same missing right hid are one line; the rest stays in its order. */
function merged(checks) {
    const hidden = Map.groupBy(checks, ({ permission }) => permission);
    const told = new Set();
    return checks.flatMap((check) => {
        const { permission } = check;
        if (permission === undefined)
            return [check];
        if (told.has(permission))
            return [];
        told.add(permission);
        const subjects = [...new Set((hidden.get(permission) ?? []).map(({ subject }) => subject))];
        return [{ ...denied(subjects, permission), permission }];
    });
}

;// CONCATENATED MODULE: ./src/preflight/subject.ts


function homeOf({ arn }) {
    const { partition = 'aws', region = '', account = '' } = parseArn(arn) ?? {};
    return { partition, region, account };
}
/** Undefined when it is ours; else why it was not looked at. */
const elsewhere = (account, home) => account === '' || account === home.account
    ? undefined
    : `belongs to account ${account}, which this job's credentials cannot look into; not checked.`;
const launchTypeOf = ({ fargate, service }) => fargate ? 'FARGATE' : (service.launchType ?? 'EC2');
const networkModeOf = ({ definition, fargate }) => typeof definition.networkMode === 'string' ? definition.networkMode : fargate ? 'awsvpc' : 'bridge';
/** A text member, or nothing. */
const textOf = (value) => typeof value === 'string' && value !== '' ? value : undefined;
/** A name of something in the definition, as people are told it. */
const nameOf = ({ name }) => textOf(name) ?? '(without a name)';
/** A number, also one that is written as text; 0 for anything else. */
function numberOf(value) {
    const number = typeof value === 'number' || typeof value === 'string' ? Number(value) : 0;
    return Number.isFinite(number) && number > 0 ? number : 0;
}
const objectOf = (value) => ((0,template/* isObject */.Gv)(value) ? value : {});

;// CONCATENATED MODULE: ./src/preflight/secrets.ts





/** Secrets and parameters of all containers: environment, log driver, private registries, file shares. */
function secretsOf(definition, home) {
    const places = [
        ...(0,template/* containersOf */.Mz)(definition).flatMap(placesOf),
        ...(0,template/* asObjects */.Nt)(definition.volumes).flatMap((volume) => {
            const share = objectOf(objectOf(volume.fsxWindowsFileServerVolumeConfiguration).authorizationConfig);
            return place(`volume ${nameOf(volume)}`, share.credentialsParameter);
        }),
    ];
    return places.map((one) => useOf(one, home));
}
function placesOf(container) {
    const name = `container ${nameOf(container)}`;
    const log = (0,template/* asObjects */.Nt)(objectOf(container.logConfiguration).secretOptions);
    return [
        ...(0,template/* asObjects */.Nt)(container.secrets).flatMap((secret) => place(`${name}, ${nameOf(secret)}`, secret.valueFrom)),
        ...log.flatMap((secret) => place(`${name}, log option ${nameOf(secret)}`, secret.valueFrom)),
        ...place(`${name}, repositoryCredentials`, objectOf(container.repositoryCredentials).credentialsParameter),
    ];
}
function place(where, value) {
    const from = textOf(value);
    return from === undefined ? [] : [{ where, from }];
}
/**
 * A secret's ARN may go on with `:json-key:version-stage:version-id`, each of them perhaps empty; a parameter is an ARN, or a
 * name in the service's region, perhaps with `:version` or `:label`.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
 */
function useOf({ where, from }, home) {
    const arn = parseArn(from);
    if (arn?.service === 'secretsmanager') {
        const [kind, name, jsonKey, stage, versionId] = arn.resource.split(':');
        if (kind !== 'secret' || !name)
            return { kind: 'strange', where, from };
        return {
            kind: 'secret',
            where,
            arn: `arn:${arn.partition}:secretsmanager:${arn.region}:${arn.account}:secret:${name}`,
            region: arn.region,
            account: arn.account,
            ...(jsonKey ? { jsonKey } : {}),
            ...(stage ? { stage } : {}),
            ...(versionId ? { versionId } : {}),
        };
    }
    if (arn?.service === 'ssm' && arn.resource.startsWith('parameter/')) {
        const [name = ''] = arn.resource.slice('parameter/'.length).split(':');
        const names = name.includes('/') ? [`/${name}`] : [name, `/${name}`];
        return { kind: 'parameter', where, from, names, region: arn.region, account: arn.account };
    }
    if (arn || from.startsWith('arn:'))
        return { kind: 'strange', where, from };
    return {
        kind: 'parameter',
        where,
        from,
        names: [from.split(':')[0] ?? from],
        region: home.region,
        account: home.account,
    };
}
/** Which value of a secret: for asking once what several keys of it need. */
const versionKey = ({ arn, stage = '', versionId = '' }) => `${arn}:${stage}:${versionId}`;
const nameOfSecret = ({ arn }) => `secret ${arn.slice(arn.lastIndexOf(':') + 1)}`;
/** One line a place of use, so that a wrong key is found where it stands. */
function judgeSecret(use, answers, home) {
    const subject = `${nameOfSecret(use)} (${use.where})`;
    const away = elsewhere(use.account, home);
    if (away)
        return skip(subject, away);
    if (answers.secret?.kind !== 'found') {
        // Whoever may read the value knows enough, without the right to describe it.
        if (answers.keys?.kind === 'found')
            return judgeKey(use, subject, answers.keys);
        return unanswered(nameOfSecret(use), answers.secret);
    }
    const secret = answers.secret.value;
    if (!secret) {
        return bad(subject, `there is no secret ${use.arn}.`, `Create it in ${use.region}, or correct its ARN in the template or in the input \`secrets\`.`);
    }
    if (secret.deleted) {
        return bad(subject, 'is scheduled for deletion, so no task can read it.', `Restore it (aws secretsmanager restore-secret --secret-id ${use.arn} --region ${use.region}).`);
    }
    return versionProblem(use, secret, subject) ?? judgeKey(use, subject, answers.keys);
}
/** What ECS asks for without stage and id. */
const CURRENT = 'AWSCURRENT';
function versionProblem({ stage, versionId, arn }, { versions }, subject) {
    const stages = [...new Set(Object.values(versions).flat())].sort();
    if (versionId !== undefined) {
        const found = versions[versionId];
        // Versions without a stage are deprecated and not listed, though they can be read.
        if (!found) {
            return warn(subject, `its version ${versionId} has no stage, or is not there.`, 'Look at the version id.');
        }
        return stage !== undefined && !found.includes(stage)
            ? bad(subject, `its version ${versionId} is not ${stage}.`, `It is ${found.join(', ')}: name one of the two only.`)
            : undefined;
    }
    const wanted = stage ?? CURRENT;
    if (stages.includes(wanted))
        return undefined;
    if (stages.length === 0 || stage === undefined) {
        return bad(subject, 'has no value yet.', `Give it one (aws secretsmanager put-secret-value --secret-id ${arn} --secret-string file://...).`);
    }
    const meant = (0,spelling/* didYouMean */.a)(wanted, stages);
    const remedy = meant ? `Did you mean ${meant}?` : `It has ${stages.join(', ')}.`;
    return bad(subject, `no version of it has the stage ${wanted}.`, remedy);
}
function judgeKey({ jsonKey, versionId, stage }, subject, answer) {
    const version = versionId ?? stage ?? CURRENT;
    if (jsonKey === undefined)
        return ok(subject, `exists, with a version ${version}.`);
    if (answer?.kind !== 'found') {
        return unanswered(`key ${jsonKey} of ${subject}`, answer);
    }
    const found = answer.value;
    switch (found.kind) {
        case 'none':
            return bad(subject, `has no value in version ${version}.`, 'Put a value, or correct the version in `valueFrom`.');
        case 'no-object':
            return bad(subject, `its value is no JSON object, so it has no key ${jsonKey}.`, `Leave the key out of \`valueFrom\` to get the whole value, or store a JSON object.`);
        case 'keys': {
            if (found.keys.includes(jsonKey))
                return ok(subject, `exists, with the key ${jsonKey}.`);
            const meant = (0,spelling/* didYouMean */.a)(jsonKey, found.keys);
            const remedy = meant
                ? `Did you mean \`${meant}\`?`
                : `It has ${found.keys.length > 0 ? `the keys ${found.keys.slice(0, 20).join(', ')}` : 'no keys'}.`;
            return bad(subject, `its value has no key ${jsonKey}.`, remedy);
        }
    }
}
/** AWS's own, among them the window into Secrets Manager: DescribeParameters lists none of them. */
const RESERVED = '/aws/';
function judgeParameter(use, answer, home) {
    const name = use.names[0] ?? use.from;
    const subject = `parameter ${name} (${use.where})`;
    const away = elsewhere(use.account, home);
    if (away)
        return skip(subject, away);
    if (name.startsWith(RESERVED))
        return skip(subject, "is one of AWS's own, which are not listed; not checked.");
    if (answer?.kind !== 'found')
        return unanswered(`parameter ${name}`, answer);
    if (use.names.some((one) => answer.value.includes(one)))
        return ok(subject, 'exists.');
    return bad(subject, `there is no parameter ${name} in ${use.region}.`, `Create it (aws ssm put-parameter --type SecureString --name ${name} --region ${use.region} --value ...), or correct it in the template or in the input \`secrets\`.`);
}
const judgeStrange = ({ where, from }) => bad(where, `\`${from}\` is neither a secret nor a parameter.`, 'Give the ARN of a Secrets Manager secret (perhaps with `:json-key:version-stage:version-id`) or of an SSM parameter.');

;// CONCATENATED MODULE: ./src/preflight/ask.ts




/**
 * Asks for everything at once, each thing once: one round trip, two where an answer names what to ask next (an
 * image's config, the cluster's instances). What is of another account is not asked. Nothing is thrown but a cancel.
 */
async function ask(wanted, resources, ecr) {
    const { home, executionRole } = wanted;
    const ours = (uses) => uses.filter(({ account }) => account === home.account);
    const secrets = ours(wanted.secrets);
    const [cluster, instances, capacityProviders, alarms, ...maps] = await Promise.all([
        answered(() => resources.cluster(wanted.cluster)),
        wanted.instances ? answered(() => resources.containerInstances(wanted.cluster)) : undefined,
        wanted.capacityProviders.length > 0
            ? answered(() => resources.capacityProviders(wanted.capacityProviders))
            : undefined,
        wanted.alarms.length > 0 ? answered(() => resources.alarms(home.region, wanted.alarms)) : undefined,
        each(ours(wanted.roles), ({ arn }) => arn, ({ name }) => resources.role(name)),
        each(executionRole ? wanted.rights : [], ({ action }) => action, (right) => resources.refusals({ ...right, roleArn: executionRole?.arn ?? '' })),
        each(wanted.images.filter(({ repository, known }) => repository && !known), ({ reference }) => reference, (use) => imageIn(ecr, use)),
        each(secrets, ({ arn }) => arn, ({ region, arn }) => resources.secret(region, arn)),
        each(secrets.filter(({ jsonKey }) => jsonKey !== undefined), versionKey, (use) => resources.secretKeys(use.region, use)),
        byRegion(ours(wanted.parameters).flatMap(({ region, names }) => names.map((name) => ({ region, item: name }))), (region, names) => resources.parameters(region, names)),
        each(wanted.logGroups, ({ region, name }) => `${region}:${name}`, ({ region, name }) => resources.hasLogGroup(region, name)),
        each(wanted.files, ({ arn }) => arn, ({ bucket, key }) => resources.hasObject(bucket, key)),
        targetGroupsOf(wanted, resources),
    ]);
    const [roles, refusals, images, described, secretKeys, parameters, logGroups, files, targetGroups] = maps;
    return {
        cluster,
        instances,
        capacityProviders,
        alarms,
        roles,
        refusals,
        images,
        secrets: described,
        secretKeys,
        parameters,
        logGroups,
        files,
        targetGroups,
    };
}
/** @throws Failure CANCELLED only: what else goes wrong is an answer too */
async function answered(question) {
    try {
        return { kind: 'found', value: await question() };
    }
    catch (thrown) {
        const failure = (0,src_failure/* asFailure */.h)(thrown);
        if (failure.code === 'CANCELLED')
            throw failure;
        if (failure.code === 'ACCESS_DENIED')
            return { kind: 'denied', permission: permissionOf(failure) };
        return { kind: 'unknown', reason: failure.message };
    }
}
/** As IAM writes it. */
function permissionOf({ api, message }) {
    // Secrets Manager: "Access to KMS is not allowed"
    if (/\bKMS\b/.test(message))
        return 'kms:Decrypt';
    return api ? `${api.service}:${api.operation}` : 'it';
}
/** One question for each different key, side by side. */
async function each(uses, keyOf, question) {
    const different = new Map(uses.map((use) => [keyOf(use), use]));
    const answers = await Promise.all([...different].map(async ([key, use]) => [key, await answered(() => question(use))]));
    return new Map(answers);
}
/** One question a region for all of its items. */
async function byRegion(asked, question) {
    const regions = [...Map.groupBy(asked, ({ region }) => region)];
    return each(regions, ([region]) => region, ([region, members]) => question(region, [...new Set(members.map(({ item }) => item))]));
}
/** Asked in batches, told one by one. */
async function targetGroupsOf({ targetGroups, home }, resources) {
    const asked = targetGroups.flatMap((arn) => {
        const { region = '', account = '' } = parseArn(arn) ?? {};
        return account === home.account ? [{ region, item: arn }] : [];
    });
    const answers = await byRegion(asked, (region, arns) => resources.targetGroups(region, arns));
    const one = (region, item) => {
        const answer = answers.get(region) ?? { kind: 'unknown', reason: 'no answer' };
        return answer.kind === 'found' ? { kind: 'found', value: answer.value.find(({ arn }) => arn === item) } : answer;
    };
    return new Map(asked.map(({ region, item }) => [item, one(region, item)]));
}
async function imageIn(ecr, { repository, tag, digest }) {
    if (!repository)
        return undefined;
    try {
        const found = await ecr.getImage(repository, digest ? { digest } : { tag: tag ?? 'latest' });
        if (!found)
            return undefined;
        try {
            return { platforms: await (0,inspect/* platformsOf */.W)(found.manifest, repository, ecr) };
        }
        catch (thrown) {
            // The image is there; its config is one right more (ecr:GetDownloadUrlForLayer).
            if (thrown instanceof src_failure/* Failure */.H && thrown.code !== 'CANCELLED')
                return {};
            throw thrown;
        }
    }
    catch (thrown) {
        if (thrown instanceof src_failure/* Failure */.H && thrown.code === 'NOT_FOUND')
            return undefined; // no such repository
        throw thrown;
    }
}

;// CONCATENATED MODULE: ./src/preflight/alarms.ts


/** Alarms that will watch the deployment: the input's, else those that the service has, when they are enabled. */
function alarmsOf({ inputs, service }) {
    const names = inputs.alarms ?? (service.alarms?.enable ? service.alarms.names : []);
    return [...new Set(names)];
}
/**
 * When one of the alarms is in ALARM as a deployment starts, ECS monitors none of them until it ends, so that a repair can be
 * deployed. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
 */
function judgeAlarms(names, answer) {
    if (names.length === 0)
        return [];
    const subject = names.length === 1 ? `alarm ${names[0]}` : `alarms ${names.join(', ')}`;
    if (answer?.kind !== 'found')
        return [unanswered(subject, answer)];
    const found = new Map(answer.value.map((alarm) => [alarm.name, alarm]));
    const good = [];
    const checks = [];
    for (const name of names) {
        const alarm = found.get(name);
        if (!alarm)
            checks.push(noAlarm(name, [...found.keys()]));
        else if (alarm.state === 'ALARM') {
            checks.push(warn(`alarm ${name}`, 'is in ALARM already, so ECS will watch none of the alarms during this deployment, and roll back for none.', 'Look at it in CloudWatch; deploy when it is OK, if you want its protection.'));
        }
        else
            good.push(alarm.state === 'OK' ? name : `${name} (${alarm.state})`);
    }
    if (good.length > 0)
        checks.push(ok(good.length === 1 ? 'alarm' : 'alarms', `${good.join(', ')}: not in ALARM.`));
    return checks;
}
function noAlarm(name, others) {
    const meant = (0,spelling/* didYouMean */.a)(name, others);
    return bad(`alarm ${name}`, 'does not exist in this region, so it cannot guard a deployment.', `Create it in CloudWatch, or correct the input \`alarms\`.${meant ? ` Did you mean \`${meant}\`?` : ''}`);
}

// EXTERNAL MODULE: ./src/service/change.ts
var change = __webpack_require__(9615);
// EXTERNAL MODULE: ./src/taskdef/fargate.ts
var taskdef_fargate = __webpack_require__(3862);
;// CONCATENATED MODULE: ./src/preflight/capacity.ts





/** Whether the service's tasks are placed on instances of the cluster. */
const usesInstances = (subject) => ['EC2', 'EXTERNAL'].includes(launchTypeOf(subject));
/**
 * CPU and memory of the task, else the sums of its containers: ECS reserves the soft limit where there is one.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html
 */
function needOf(subject) {
    const { definition } = subject;
    const containers = (0,template/* containersOf */.Mz)(definition);
    const sum = (of) => containers.reduce((total, container) => total + of(container), 0);
    const mode = networkModeOf(subject);
    const ports = mode === 'awsvpc' || mode === 'none' ? [] : containers.flatMap((one) => hostPorts(one, mode));
    return {
        cpu: (0,taskdef_fargate/* cpuUnits */.MN)(textOf(definition.cpu) ?? '') ?? sum(({ cpu }) => numberOf(cpu)),
        memory: (0,taskdef_fargate/* memoryMib */.uD)(textOf(definition.memory) ?? '') ??
            sum(({ memoryReservation, memory }) => numberOf(memoryReservation ?? memory)),
        gpus: sum(({ resourceRequirements }) => (0,template/* asObjects */.Nt)(resourceRequirements)
            .filter(({ type }) => type === 'GPU')
            .reduce((total, { value }) => total + numberOf(value), 0)),
        ports,
    };
}
const hostPorts = (container, mode) => (0,template/* asObjects */.Nt)(container.portMappings).flatMap(({ hostPort, containerPort, protocol }) => {
    const port = mode === 'host' ? (hostPort ?? containerPort) : hostPort;
    return typeof port === 'number' && port > 0 ? [`${port}/${textOf(protocol) ?? 'tcp'}`] : [];
});
/** How many more such tasks an instance takes; Infinity for a task that asks for nothing. */
function roomOn(free, usedPorts, need) {
    if (need.ports.some((port) => usedPorts.includes(port)))
        return 0;
    const times = (has, takes) => takes > 0 ? Math.max(0, Math.floor(has / takes)) : Number.POSITIVE_INFINITY;
    const byPorts = need.ports.length > 0 ? 1 : Number.POSITIVE_INFINITY;
    return Math.min(times(free.cpu, need.cpu), times(free.memory, need.memory), times(free.gpus, need.gpus), byPorts);
}
const ARCHITECTURES = { X86_64: 'x86_64', ARM64: 'arm64' };
/** Instances of the service's kind, whether or not they take tasks now. What runtimePlatform leaves open, ECS does not ask for. */
function kindred(instances, { definition, service }) {
    const runtime = objectOf(definition.runtimePlatform);
    const architecture = ARCHITECTURES[textOf(runtime.cpuArchitecture) ?? ''];
    const family = textOf(runtime.operatingSystemFamily);
    const os = family && (family.startsWith('WINDOWS') ? 'windows' : 'linux');
    const fits = (wanted, has) => wanted === undefined || has === undefined || wanted === has;
    const { capacityProviders: providers } = service;
    return instances.filter((instance) => (providers.length === 0 || providers.includes(instance.capacityProvider ?? '')) &&
        fits(architecture, instance.architecture) &&
        fits(os, instance.os));
}
/**
 * Whether the next wave finds room beside what runs. Only what can never work is `bad`: a rollout that has to wait for room may
 * well get it, and a run that is repeated finds its own tasks in the way.
 */
function judgeCapacity(subject, answers) {
    if (!usesInstances(subject))
        return [];
    const { service, inputs } = subject;
    const waves = (0,change/* plannedWaves */.TJ)(inputs, service);
    if ((inputs.desiredCount ?? service.desiredCount) === 0 && service.schedulingStrategy === 'REPLICA')
        return [];
    const providers = answers.capacityProviders?.kind === 'found' ? answers.capacityProviders.value : [];
    const scaling = providers.filter(({ addsInstances, status }) => addsInstances && status === 'ACTIVE');
    const checks = providersOf(subject, answers.capacityProviders);
    if (answers.instances?.kind !== 'found')
        return [...checks, unanswered('capacity', answers.instances)];
    const ofItsKind = kindred(answers.instances.value, subject);
    const instances = ofItsKind.filter(({ available }) => available);
    const need = needOf(subject);
    const grows = scaling.length > 0 ? `managed scaling of ${scaling.map(({ name }) => name).join(', ')} adds instances` : '';
    const wants = wording(need);
    if (instances.length === 0) {
        const whose = service.capacityProviders.length > 0 ? ` of ${service.capacityProviders.join(', ')}` : '';
        const none = `no instance${whose} is ready to take tasks of this service`;
        const coming = ofItsKind.length > 0; // they may come back, or be on their way out while others come
        const check = grows
            ? ok('capacity', `${none}; ${grows}, which takes some minutes.`)
            : coming
                ? warn('capacity', `${none}: ${ofItsKind.length} registered, but draining or with a disconnected agent.`)
                : bad('capacity', `${none}.`, 'Add instances of its architecture and capacity provider to the cluster.');
        return [...checks, check];
    }
    if (!instances.some(({ total }) => roomOn(total, [], need) > 0)) {
        const problem = `a task takes ${wants}, more than any of the ${instances.length} instances has even when it is empty`;
        const check = grows
            ? warn('capacity', `${problem}; ${grows}, but they are most likely of the same size.`)
            : bad('capacity', `${problem}.`, 'Lower `cpu` and `memory` (template or inputs), or add larger instances.');
        return [...checks, check];
    }
    if (service.schedulingStrategy === 'DAEMON')
        return [...checks, ok('capacity', `${instances.length} instances; each old task makes room for the new one.`)];
    const room = instances.reduce((total, { free, usedPorts }) => total + roomOn(free, usedPorts, need), 0);
    const beside = Math.max(0, waves.hi - service.runningCount);
    const fits = Number.isFinite(room) ? `${room}` : 'any number';
    const network = networkModeOf(subject) === 'awsvpc' ? ' Each takes a network interface, which was not counted.' : '';
    const seen = `a task takes ${wants}; ${instances.length} instance${instances.length === 1 ? ' has' : 's have'} room for ${fits} more`;
    if (room > 0 || beside === 0) {
        const slower = room < beside ? `, of the ${beside} that may run beside the old ones: so it goes in smaller waves` : '';
        return [...checks, ok('capacity', `${seen}${slower}.${network}`)];
    }
    if (grows)
        return [...checks, ok('capacity', `${seen}; ${grows}, which takes some minutes.`)];
    if (service.runningCount > waves.lo) {
        const stops = service.runningCount - waves.lo;
        return [
            ...checks,
            warn('capacity', `${seen}; ECS first stops ${stops} old task${stops === 1 ? '' : 's'} to make room.`),
        ];
    }
    const taken = blockedPorts(instances, need);
    return [
        ...checks,
        warn('capacity', `${seen}${taken.length > 0 ? ` (host port ${taken.join(', ')} is taken on each)` : ''}, and no old task may stop before a new one runs (${waves.lo} healthy at least): the rollout waits until there is room.`, taken.length > 0
            ? 'Use a dynamic host port ("hostPort": 0), add an instance, or set `minimum-healthy-percent` lower.'
            : 'Add an instance, or set `minimum-healthy-percent` lower, so that old tasks make room.'),
    ];
}
function providersOf({ service }, answer) {
    if (service.capacityProviders.length === 0)
        return [];
    const subject = `capacity provider ${service.capacityProviders.join(', ')}`;
    if (answer?.kind !== 'found')
        return [unanswered(subject, answer)];
    return service.capacityProviders.map((name) => {
        const found = answer.value.find((provider) => provider.name === name);
        const one = `capacity provider ${name}`;
        if (found?.status !== 'ACTIVE') {
            return bad(one, `is ${found ? found.status : 'not there'}, so the service gets no instances by it.`, "Create it anew, or change the service's capacity provider strategy.");
        }
        return ok(one, found.addsInstances
            ? 'is ACTIVE and adds instances when they are needed.'
            : 'is ACTIVE; it adds no instances by itself.');
    });
}
const blockedPorts = (instances, { ports }) => ports.filter((port) => instances.every(({ usedPorts }) => usedPorts.includes(port)));
function wording({ cpu, memory, gpus, ports }) {
    const parts = [
        `${cpu} CPU units`,
        `${memory} MiB`,
        ...(gpus > 0 ? [`${gpus} GPU${gpus === 1 ? '' : 's'}`] : []),
        ...(ports.length > 0 ? [`host port ${ports.join(', ')}`] : []),
    ];
    return parts.join(', ');
}

;// CONCATENATED MODULE: ./src/preflight/files.ts




/** Environment files, and the configuration of a FireLens router. */
function filesOf(definition) {
    const uses = (0,template/* containersOf */.Mz)(definition).flatMap((container) => {
        const name = nameOf(container);
        const router = objectOf(objectOf(container.firelensConfiguration).options);
        const configuration = router['config-file-type'] === 's3' ? textOf(router['config-file-value']) : undefined;
        return [
            ...(0,template/* asObjects */.Nt)(container.environmentFiles).flatMap(({ value }) => {
                const arn = textOf(value);
                return arn === undefined ? [] : [{ arn, as: `environment file of ${name}` }];
            }),
            ...(configuration === undefined ? [] : [{ arn: configuration, as: `FireLens configuration of ${name}` }]),
        ];
    });
    return [...Map.groupBy(uses, ({ arn }) => arn)].flatMap(([arn, same]) => {
        const { service, resource = '' } = parseArn(arn) ?? {};
        const slash = resource.indexOf('/');
        // What is no object's ARN the checks of the task definition tell.
        if (service !== 's3' || slash < 1)
            return [];
        return [{ arn, bucket: resource.slice(0, slash), key: resource.slice(slash + 1), as: same.map(({ as }) => as) }];
    });
}
function judgeFile({ arn, bucket, key, as }, answer) {
    const subject = `file s3://${bucket}/${key}`;
    if (answer?.kind !== 'found')
        return unanswered(subject, answer);
    if (answer.value)
        return ok(subject, `exists (${as.join(', ')}).`);
    return bad(subject, `there is no object ${arn} (${as.join(', ')}), so the task could not start.`, 'Upload it, or correct its ARN in the template or in the input `env-files`.');
}

// EXTERNAL MODULE: ./src/image/reference.ts
var image_reference = __webpack_require__(3564);
// EXTERNAL MODULE: ./src/taskdef/architecture.ts
var architecture = __webpack_require__(3057);
;// CONCATENATED MODULE: ./src/preflight/images.ts





/** All images but the one that is still being built. */
function imagesOf({ definition, image, standIn }) {
    const uses = (0,template/* containersOf */.Mz)(definition).flatMap((container) => {
        const reference = textOf(container.image);
        return reference === undefined || reference === standIn ? [] : [{ reference, name: nameOf(container) }];
    });
    return [...Map.groupBy(uses, ({ reference }) => reference)].map(([reference, same]) => {
        const parsed = parsedOrNothing(reference);
        const host = (0,image_reference/* parseEcrHost */.wl)(parsed?.host ?? '');
        return {
            reference,
            containers: same.map(({ name }) => name),
            ...(parsed && host ? { repository: { ...host, name: parsed.path } } : {}),
            ...(parsed?.tag ? { tag: parsed.tag } : {}),
            ...(parsed?.digest ? { digest: parsed.digest } : {}),
            ...(image && namesOf(image).includes(reference) ? { known: image } : {}),
        };
    });
}
/** By digest, by its tags, or by nothing (`latest`), as it may stand in the template or in the input `image`. */
const namesOf = ({ reference, repository, tags }) => [
    reference,
    ...tags.map((tag) => `${repository}:${tag}`),
    ...(tags.length === 0 ? [repository] : []),
];
function parsedOrNothing(reference) {
    try {
        return (0,image_reference/* parseReference */.F2)(reference);
    }
    catch {
        return undefined; // ECS takes more than we understand; then nothing is claimed about it
    }
}
/**
 * Namespaces that ECR proposes for pull-through caches: such an image may appear with its first pull.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-creating-rule.html
 */
const CACHES = /^(ecr-public|kubernetes|quay|docker-hub|github|azure|gitlab|chainguard)\//;
function judgeImage(use, answer, { definition, fargate }) {
    const { reference, containers, repository, known } = use;
    const subject = `image ${reference}`;
    if (known?.platforms)
        return judgePlatforms(use, known.platforms, { definition, fargate });
    if (!repository)
        return skip(subject, 'is not in a private ECR repository, so it was not looked up.');
    if (known)
        return ok(subject, 'is the image of this run.');
    if (answer?.kind !== 'found')
        return unanswered(subject, answer);
    if (answer.value)
        return judgePlatforms(use, answer.value.platforms, { definition, fargate });
    if (CACHES.test(repository.name) && use.digest === undefined) {
        return warn(subject, 'is not in ECR yet; a pull-through cache, if there is a rule for it, gets it at the first pull.');
    }
    const whose = containers.map((name) => `\`${name}\``).join(', ');
    return bad(subject, `ECR has no such image, so the container ${whose} could not be pulled.`, `Push it, or correct tag, region and account in the template or by the inputs \`image\` and \`images\`.`);
}
function judgePlatforms({ reference, containers }, platforms, { definition, fargate }) {
    const subject = `image ${reference}`;
    if (!platforms || platforms.length === 0)
        return ok(subject, 'exists; its platforms could not be read.');
    for (const container of containers) {
        const [mistake] = (0,architecture/* checkArchitecture */.k)(definition, { container, platforms }, fargate);
        if (mistake)
            return bad(subject, `${mistake.subject}: ${mistake.problem}`, mistake.remedy ?? '');
    }
    return ok(subject, `exists for ${platforms.join(', ')}; the task runs on ${(0,architecture/* taskPlatform */.V)(definition)}.`);
}

;// CONCATENATED MODULE: ./src/preflight/logs.ts



/** Those of the log driver awslogs; a FireLens router makes its own choices. */
function logGroupsOf(definition, home) {
    const uses = (0,template/* containersOf */.Mz)(definition).flatMap((container) => {
        const log = objectOf(container.logConfiguration);
        const options = objectOf(log.options);
        const name = textOf(options['awslogs-group']);
        if (log.logDriver !== 'awslogs' || name === undefined)
            return [];
        const region = textOf(options['awslogs-region']) ?? home.region;
        const create = textOf(options['awslogs-create-group'])?.toLowerCase() === 'true';
        return [{ name, region, create, container: nameOf(container) }];
    });
    return [...Map.groupBy(uses, ({ name, region }) => `${region}:${name}`).values()].flatMap((same) => {
        const [first] = same;
        if (!first)
            return [];
        const { name, region } = first;
        return [
            { name, region, containers: same.map(({ container }) => container), create: same.every(({ create }) => create) },
        ];
    });
}
/**
 * What IAM is asked for the creation of a group. CloudWatch Logs itself asks for the second form ("on resource:
 * arn:aws:logs:...:log-group:NAME:log-stream:"), IAM's reference shows the first; policies are written for either.
 */
const logGroupArns = ({ name, region }, { partition, account }) => {
    const arn = `arn:${partition}:logs:${region}:${account}:log-group:${name}`;
    return [arn, `${arn}:log-stream:`];
};
/**
 * @param refusals of logs:CreateLogGroup for the execution role; asked for groups that tasks shall create
 * @param fargate on EC2 the instance's role may write the logs instead, which nobody can tell from here
 */
function judgeLogGroup(use, answers, { home, fargate }) {
    const { name, region, containers, create } = use;
    const subject = `log group ${name}`;
    if (answers.exists?.kind !== 'found')
        return unanswered(subject, answers.exists);
    if (answers.exists.value)
        return ok(subject, `exists in ${region}.`);
    const whose = containers.map((container) => `\`${container}\``).join(', ');
    const command = `aws logs create-log-group --log-group-name ${name} --region ${region}`;
    if (!create) {
        return bad(subject, `does not exist in ${region}, so the container ${whose} could not start.`, `Create it (${command}), or set the log option awslogs-create-group to "true" (template, or input \`log-configuration-options\`) and allow logs:CreateLogGroup to the execution role.`);
    }
    const needs = `${fargate ? 'the execution role' : 'the execution role, or on EC2 the instance role,'} needs logs:CreateLogGroup`;
    if (answers.refusals?.kind !== 'found') {
        return warn(subject, `does not exist in ${region} and is created by the first task: ${needs}.`);
    }
    const refused = answers.refusals.value.map(({ resource }) => resource);
    if (logGroupArns(use, home).some((arn) => !refused.includes(arn))) {
        return ok(subject, 'is created by the first task; the execution role may do so.');
    }
    const problem = `does not exist in ${region}, and the execution role may not create it.`;
    const remedy = `Create it (${command}), or allow logs:CreateLogGroup to the execution role.`;
    return fargate ? bad(subject, problem, remedy) : warn(subject, `${problem} On EC2 the instance role may.`, remedy);
}

;// CONCATENATED MODULE: ./src/preflight/rights.ts


const CREATE_LOG_GROUP = 'logs:CreateLogGroup';
/** What ECS does with the execution role before a container starts. */
function rightsOf(uses, home) {
    const { partition } = home;
    const parameterArns = uses.parameters.map(({ names, region, account }) => `arn:${partition}:ssm:${region}:${account}:parameter/${names[0]?.replace(/^\//, '')}`);
    const repositories = uses.images.flatMap(({ repository }) => repository
        ? [`arn:${partition}:ecr:${repository.region}:${repository.registryId}:repository/${repository.name}`]
        : []);
    const created = uses.logGroups.filter(({ create }) => create);
    const wanted = [
        // A policy is held against the whole ARN; of a secret named without its random ending nobody knows it.
        ['secretsmanager:GetSecretValue', uses.secrets.map(({ arn }) => arn).filter((arn) => /-[A-Za-z0-9]{6}$/.test(arn))],
        ['ssm:GetParameters', parameterArns],
        ['ecr:BatchGetImage', repositories],
        ['s3:GetObject', uses.files.map(({ arn }) => arn)],
        [CREATE_LOG_GROUP, created.flatMap((use) => logGroupArns(use, home))],
    ];
    return wanted.flatMap(([action, resources]) => resources.length > 0 ? [{ action, resources: [...new Set(resources)] }] : []);
}
/**
 * IAM's own simulation knows the role's policies and boundary, but no policy of a bucket, secret, key or repository, which
 * may allow what the role does not: so only an explicit Deny is certain. The right to create a log group is told with the group.
 * @param answers by action; a role that does not exist has been told already
 */
function judgeRights(role, rights, answers) {
    if (!role)
        return [];
    const subject = `execution role ${role.name}`;
    const mine = rights.filter(({ action }) => action !== CREATE_LOG_GROUP);
    const allowed = [];
    const checks = [];
    for (const { action } of mine) {
        const answer = answers.get(action);
        if (answer === undefined)
            continue;
        if (answer.kind === 'denied') {
            checks.push({ ...unanswered(`what the ${subject} may do`, answer) });
            continue;
        }
        if (answer.kind === 'unknown') {
            checks.push(skip(subject, `whether it may ${action} could not be looked at (${answer.reason}).`));
            continue;
        }
        if (answer.value.length === 0)
            allowed.push(action);
        checks.push(...answer.value.map((refusal) => refused(subject, action, refusal)));
    }
    if (allowed.length > 0)
        checks.push(ok(subject, `its policies allow ${allowed.join(', ')} where the task needs it.`));
    return checks;
}
function refused(subject, action, { resource, decision }) {
    return decision === 'explicitDeny'
        ? bad(subject, `a policy denies it ${action} on ${resource}.`, 'Remove that Deny, or use another execution role.')
        : warn(subject, `its policies do not allow ${action} on ${resource}.`, 'Allow it there, unless the policy of that resource does.');
}

;// CONCATENATED MODULE: ./src/preflight/trust.ts

/** Tasks get their roles through this principal, in every partition. */
const TASKS = 'ecs-tasks.amazonaws.com';
/**
 * Whether ECS may hand a role to a task of this account and region, by the role's trust policy.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
 */
function judgeTrust(policy, home) {
    const statements = (0,template/* isObject */.Gv)(policy.Statement) ? [policy.Statement] : (0,template/* asObjects */.Nt)(policy.Statement);
    const about = statements.filter((statement) => assumes(statement) && services(statement).some(isTasks));
    if (about.some((statement) => statement.Effect === 'Deny' && statement.Condition === undefined))
        return { kind: 'refused' };
    const allowing = about.filter(({ Effect }) => Effect === 'Allow');
    if (allowing.length === 0) {
        const others = statements.filter(({ Effect }) => Effect === 'Allow').flatMap(services);
        return { kind: 'untrusted', services: [...new Set(others)] };
    }
    const problems = allowing.map(({ Condition }) => unmet((0,template/* isObject */.Gv)(Condition) ? Condition : {}, home));
    const [problem] = problems;
    return problems.includes(undefined) || problem === undefined ? { kind: 'trusted' } : { kind: 'condition', problem };
}
const isTasks = (service) => service === '*' || /^ecs-tasks\.amazonaws\.com(\.cn)?$/.test(service);
const oneOrMore = (value) => (Array.isArray(value) ? value : [value]).flatMap((item) => (typeof item === 'string' ? [item] : []));
const assumes = ({ Action }) => oneOrMore(Action).some((action) => ['sts:assumerole', 'sts:assume*', 'sts:*', '*'].includes(action.toLowerCase()));
function services({ Principal }) {
    if (Principal === '*')
        return ['*'];
    return (0,template/* isObject */.Gv)(Principal) ? oneOrMore(Principal.Service) : [];
}
/** Only what we know of every task: its account and its region. Other conditions are taken as met. */
function unmet(condition, { partition, region, account }) {
    const source = `arn:${partition}:ecs:${region}:${account}:`;
    for (const [operator, tests] of Object.entries(condition)) {
        if (!(0,template/* isObject */.Gv)(tests) || !/^(ForAnyValue:)?(String|Arn)(Equals|Like)(IgnoreCase)?$/.test(operator))
            continue;
        for (const [key, value] of Object.entries(tests)) {
            const wanted = oneOrMore(value);
            const name = key.toLowerCase();
            if (name === 'aws:sourceaccount' && !wanted.some((pattern) => matches(pattern, account)))
                return `only for aws:SourceAccount ${wanted.join(', ')}, and the service is in ${account}`;
            // A task's own ARN cannot be known, and of its parts only the first five are sure.
            if (name === 'aws:sourcearn' && !wanted.some((pattern) => matches(firstFive(pattern), source)))
                return `only for aws:SourceArn ${wanted.join(', ')}, and the tasks' begins with ${source}`;
        }
    }
    return undefined;
}
/** The colon-separated parts before the resource; a pattern such as `*` or `arn:aws:ecs:*` stays as loose as it is. */
function firstFive(pattern) {
    const parts = pattern.split(':');
    return parts.length > 5 ? `${parts.slice(0, 5).join(':')}:` : pattern;
}
/** IAM's wildcards: `*` any run of characters, `?` one. */
function matches(pattern, text) {
    const source = pattern
        .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
        .replaceAll('*', '.*')
        .replaceAll('?', '.');
    return new RegExp(`^${source}$`, 's').test(text);
}

;// CONCATENATED MODULE: ./src/preflight/roles.ts




const FIELDS = [
    ['taskRoleArn', 'task role', 'task-role-arn'],
    ['executionRoleArn', 'execution role', 'execution-role-arn'],
];
/** A bare name is taken by ECS as well as an ARN. */
function rolesOf(definition, home) {
    const uses = FIELDS.flatMap(([field, as, input]) => {
        const given = textOf(definition[field]);
        if (given === undefined)
            return [];
        const arn = given.startsWith('arn:') ? given : `arn:${home.partition}:iam::${home.account}:role/${given}`;
        return [{ arn, as, input, bare: arn !== given }];
    });
    return [...Map.groupBy(uses, ({ arn }) => arn)].map(([arn, same]) => ({
        arn,
        pathKnown: !same.some(({ bare }) => bare),
        name: arn.slice(arn.lastIndexOf('/') + 1),
        account: parseArn(arn)?.account ?? '',
        as: same.map(({ as }) => as),
        inputs: same.map(({ input }) => input),
    }));
}
function judgeRole(use, answer, home) {
    const subject = `${use.as.join(' and ')} ${use.name}`;
    const inputs = use.inputs.map((input) => `\`${input}\``).join(' or ');
    const away = elsewhere(use.account, home);
    // ECS refuses it at RegisterTaskDefinition: "Role is not valid", as iam:PassRole never crosses accounts.
    if (away)
        return skip(subject, away, `A task can only have roles of the service's own account, ${home.account}.`);
    if (answer?.kind !== 'found')
        return unanswered(subject, answer);
    const role = answer.value;
    if (!role) {
        return bad(subject, `there is no role ${use.arn}.`, `Create it, or correct it in the template or by the input ${inputs}.`);
    }
    if (use.pathKnown && role.arn !== use.arn) {
        return bad(subject, `there is no role ${use.arn}; its ARN is ${role.arn}.`, `Write that in the template or in the input ${inputs}.`);
    }
    if (!role.trustPolicy)
        return warn(subject, 'exists, but its trust policy could not be read.');
    const trust = judgeTrust(role.trustPolicy, home);
    const remedy = `Let its trust policy allow sts:AssumeRole to the service ${TASKS}.`;
    switch (trust.kind) {
        case 'trusted':
            return ok(subject, `exists and trusts ${TASKS}.`);
        case 'condition':
            return bad(subject, `trusts ${TASKS} ${trust.problem}.`, 'Correct the condition in its trust policy.');
        case 'refused':
            return bad(subject, `its trust policy denies ${TASKS}.`, 'Remove that Deny from its trust policy.');
        case 'untrusted': {
            const others = trust.services.length > 0 ? `it trusts ${trust.services.join(', ')}` : 'it trusts no service';
            return bad(subject, `no task can take it: ${others}, not ${TASKS}.`, remedy);
        }
    }
}

;// CONCATENATED MODULE: ./src/preflight/service.ts




function judgeCluster(cluster, answer) {
    const subject = `cluster ${cluster}`;
    if (answer?.kind !== 'found')
        return unanswered(subject, answer);
    const status = answer.value?.status ?? 'not there';
    if (status === 'ACTIVE')
        return ok(subject, 'is ACTIVE.');
    return bad(subject, `is ${status}.`, 'Look at the inputs `cluster` and `aws-region`, or create the cluster anew.');
}
/** The service itself, as the survey saw it: nothing is asked. */
function judgeService({ service, inputs }) {
    const subject = `service ${service.name}`;
    const state = service.status === 'ACTIVE'
        ? ok(subject, 'is ACTIVE.')
        : bad(subject, `is ${service.status}.`, 'Create it anew, or correct the input `service`.');
    if (service.strategy !== 'ROLLING')
        return [state];
    const waves = (0,change/* plannedWaves */.TJ)(inputs, service);
    const rolling = waves.stuck
        ? bad('rolling update', waves.sentence, 'These are the inputs `minimum-healthy-percent` and `maximum-percent`.')
        : ok('rolling update', waves.sentence);
    return [state, rolling];
}
/**
 * The size, which the checks of the task definition held against Fargate's table, and what a wave adds to what already runs:
 * the quota itself only Service Quotas knows. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html
 */
function judgeSize({ definition, fargate, service, inputs }) {
    const cpu = (0,taskdef_fargate/* cpuUnits */.MN)(textOf(definition.cpu) ?? '');
    const memory = (0,taskdef_fargate/* memoryMib */.uD)(textOf(definition.memory) ?? '');
    if (!fargate || cpu === undefined || memory === undefined)
        return [];
    const { hi } = (0,change/* plannedWaves */.TJ)(inputs, service);
    const more = Math.max(0, hi - service.runningCount);
    const quota = more > 0 ? ` Up to ${more} more at a time: ${(more * cpu) / 1024} vCPU of the account's Fargate quota.` : '';
    return [ok('Fargate size', `${cpu} CPU units with ${memory} MiB.${quota}`)];
}
/**
 * ECS refuses an update in which network mode and network configuration do not belong together: "Network Configuration must be
 * provided when networkMode 'awsvpc' is specified", "Network Configuration is not valid for the given networkMode".
 */
function judgeNetwork(subject) {
    const mode = networkModeOf(subject);
    const { service, fargate } = subject;
    const { subnets, securityGroups } = service;
    if (mode !== 'awsvpc') {
        if (subnets.length === 0)
            return [ok('network', `network mode ${mode}: the tasks use their instance's network.`)];
        return [
            bad('network', `the task definition has the network mode ${mode}, but the service has a network configuration (subnets), which goes with awsvpc alone.`, 'Write `"networkMode": "awsvpc"` in the template, or create the service anew without a network configuration.'),
        ];
    }
    if (subnets.length === 0) {
        return [
            bad('network', 'the task definition has the network mode awsvpc, but the service has no subnets.', `Give it some (aws ecs update-service --cluster ${service.clusterArn} --service ${service.name} --network-configuration awsvpcConfiguration={subnets=[...],securityGroups=[...]}), or use the network mode that runs now.`),
        ];
    }
    const groups = securityGroups.length > 0 ? securityGroups.join(', ') : "the VPC's default security group";
    // Where a subnet leads cannot be told without rights on EC2; people look here first when images cannot be pulled.
    const way = fargate && service.assignPublicIp === false
        ? ' No public IP: the subnets need a NAT gateway or VPC endpoints to reach ECR and the logs.'
        : '';
    return [ok('network', `${subnets.length} subnet${subnets.length === 1 ? '' : 's'}, ${groups}.${way}`)];
}

;// CONCATENATED MODULE: ./src/preflight/targets.ts





/** Target groups that the service's tasks are registered with. */
const targets_targetGroupsOf = ({ service }) => [
    ...new Set(service.loadBalancers.flatMap(({ targetGroupArn }) => targetGroupArn ?? [])),
];
function mappingsOf(container) {
    return (0,template/* asObjects */.Nt)(container.portMappings).map(({ containerPort, hostPort, protocol, name }) => ({
        ...(typeof containerPort === 'number' ? { containerPort } : {}),
        hostPort: typeof hostPort === 'number' ? hostPort : 0,
        protocol: typeof protocol === 'string' ? protocol : 'tcp',
        ...(typeof name === 'string' ? { name } : {}),
    }));
}
/** Each load balancer of the service held against the task definition, which ECS does at UpdateService too. */
function judgeTargets(subject, answers) {
    return subject.service.loadBalancers.map((balancer) => judgeTarget(balancer, subject, answers));
}
function judgeTarget({ targetGroupArn, containerName, containerPort }, subject, answers) {
    const name = targetGroupArn ? `target group ${targetGroupArn.split('/')[1] ?? targetGroupArn}` : 'load balancer';
    const containers = (0,template/* containersOf */.Mz)(subject.definition);
    const names = containers.map(nameOf);
    const container = containers.find((one) => one.name === containerName);
    if (!container) {
        const meant = (0,spelling/* didYouMean */.a)(containerName ?? '', names);
        return bad(name, `the service sends to the container \`${containerName}\`, which the task definition does not have.`, `Rename the container (${meant ? `is it \`${meant}\`?` : `it has ${names.join(', ')}`}), or change the service's load balancer.`);
    }
    const mappings = mappingsOf(container);
    const mapping = mappings.find((one) => one.containerPort === containerPort);
    if (!mapping) {
        const has = mappings.flatMap((one) => one.containerPort ?? []);
        return bad(name, `the service sends to port ${containerPort} of \`${containerName}\`, which has no such containerPort in portMappings.`, has.length > 0 ? `It has ${has.join(', ')}.` : `Add \`"portMappings": [{"containerPort": ${containerPort}}]\`.`);
    }
    const where = `\`${containerName}\`:${containerPort}`;
    if (targetGroupArn === undefined)
        return ok(name, `sends to ${where}.`); // a Classic Load Balancer
    const away = elsewhere(parseArn(targetGroupArn)?.account ?? '', homeOf(subject.service));
    if (away)
        return skip(name, away);
    const answer = answers.get(targetGroupArn);
    if (answer?.kind !== 'found')
        return unanswered(name, answer);
    if (!answer.value) {
        return bad(name, `there is no target group ${targetGroupArn}, so no task could be registered with it.`, 'Create it anew, and give it to the service (aws ecs update-service --load-balancers ...).');
    }
    return judgeGroup(name, answer.value, { mapping, where, mode: networkModeOf(subject) });
}
/** Protocols of target groups that carry UDP. */
const UDP = /UDP|QUIC/;
function judgeGroup(name, group, { mapping, where, mode }) {
    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/alb.html: awsvpc tasks are IPs, others are ports of instances
    const wanted = mode === 'awsvpc' ? 'ip' : 'instance';
    if (group.targetType !== wanted) {
        return bad(name, `has the target type ${group.targetType}, but tasks with the network mode ${mode} need ${wanted}.`, `A target type cannot be changed: create a target group of type ${wanted}, and give it to the service.`);
    }
    const udpOnly = UDP.test(group.protocol) && !group.protocol.startsWith('TCP_');
    if (udpOnly !== (mapping.protocol === 'udp') && !group.protocol.startsWith('TCP_')) {
        return bad(name, `speaks ${group.protocol}, but the mapping of ${where} is for ${mapping.protocol}.`, `Write \`"protocol": "${udpOnly ? 'udp' : 'tcp'}"\` in the port mapping.`);
    }
    if (!group.attached) {
        return warn(name, 'is attached to no load balancer, so nothing is sent to the tasks, and none becomes healthy by it.');
    }
    return (healthPort(name, group, { mapping, mode }) ??
        ok(name, `${group.protocol}, type ${group.targetType}, sends to ${where}.`));
}
/** A health check on a port of its own only works where the tasks have that very port. */
function healthPort(name, { healthCheckPort }, { mapping, mode }) {
    if (healthCheckPort === 'traffic-port')
        return undefined;
    const port = Number(healthCheckPort);
    if (mode === 'bridge' && mapping.hostPort === 0) {
        return warn(name, `its health check asks port ${port} of the instance, but the tasks get a dynamic host port.`, 'Set the health check port to traffic-port, unless another container listens there.');
    }
    const traffic = mode === 'bridge' ? mapping.hostPort : mapping.containerPort;
    if (port === traffic)
        return undefined;
    return warn(name, `its health check asks port ${port}, and not ${traffic}, to which it sends.`, 'Make sure that a container of the task listens there and that the security group lets it in.');
}
/** Service Connect and VPC Lattice find ports by the name of their mapping. */
function judgePortNames({ definition, service }) {
    const wanted = service.serviceConnectPorts ?? [];
    if (wanted.length === 0)
        return [];
    const names = (0,template/* containersOf */.Mz)(definition).flatMap((container) => mappingsOf(container).flatMap((one) => one.name ?? []));
    const lacking = wanted.filter((name) => !names.includes(name));
    if (lacking.length === 0)
        return [ok('Service Connect', `finds the ports ${wanted.join(', ')}.`)];
    return lacking.map((name) => {
        const meant = (0,spelling/* didYouMean */.a)(name, names);
        return bad('Service Connect', `the service wants a port mapping with the name \`${name}\`, which the task definition does not have.`, `Give the port mapping that name in the template${meant ? `; it has \`${meant}\`` : ''}.`);
    });
}

;// CONCATENATED MODULE: ./src/preflight/judge.ts











/** Every answer as lines for people, in the order in which a deployment meets the things. */
function judge(subject, wanted, answers) {
    const { home } = wanted;
    const { fargate } = subject;
    return merged([
        judgeCluster(wanted.cluster.slice(wanted.cluster.lastIndexOf('/') + 1), answers.cluster),
        ...judgeService(subject),
        ...judgeSize(subject),
        ...judgeNetwork(subject),
        ...judgeCapacity(subject, answers),
        ...wanted.roles.map((use) => judgeRole(use, answers.roles.get(use.arn), home)),
        ...judgeRights(wanted.executionRole, wanted.rights, answers.refusals),
        ...wanted.images.map((use) => judgeImage(use, answers.images.get(use.reference), subject)),
        ...wanted.secrets.map((use) => judgeSecret(use, { secret: answers.secrets.get(use.arn), keys: answers.secretKeys.get(versionKey(use)) }, home)),
        ...wanted.parameters.map((use) => judgeParameter(use, answers.parameters.get(use.region), home)),
        ...wanted.strange.map(judgeStrange),
        ...wanted.files.map((use) => judgeFile(use, answers.files.get(use.arn))),
        ...wanted.logGroups.map((use) => judgeLogGroup(use, {
            exists: answers.logGroups.get(`${use.region}:${use.name}`),
            refusals: answers.refusals.get(CREATE_LOG_GROUP),
        }, { home, fargate })),
        ...judgeTargets(subject, answers.targetGroups),
        ...judgePortNames(subject),
        ...judgeAlarms(wanted.alarms, answers.alarms),
    ]);
}

;// CONCATENATED MODULE: ./src/preflight/wanted.ts










function wantedOf(subject) {
    const { definition, service } = subject;
    const home = homeOf(service);
    const roles = rolesOf(definition, home);
    const executionRole = roles.find(({ as }) => as.includes('execution role'));
    const hidden = secretsOf(definition, home);
    const secrets = hidden.filter((use) => use.kind === 'secret');
    const parameters = hidden.filter((use) => use.kind === 'parameter');
    const images = imagesOf(subject);
    const files = filesOf(definition);
    const logGroups = logGroupsOf(definition, home);
    const ours = executionRole?.account === home.account;
    return {
        home,
        cluster: service.clusterArn,
        roles,
        ...(executionRole ? { executionRole } : {}),
        rights: ours ? rightsOf({ secrets, parameters, images, files, logGroups }, home) : [],
        images,
        secrets,
        parameters,
        strange: hidden.filter((use) => use.kind === 'strange'),
        logGroups,
        files,
        targetGroups: targets_targetGroupsOf(subject),
        alarms: alarmsOf(subject),
        instances: usesInstances(subject),
        capacityProviders: usesInstances(subject) ? service.capacityProviders : [],
    };
}

;// CONCATENATED MODULE: ./src/preflight/preflight.ts




/**
 * Looks at everything that the deployment will need, before anything is changed, and needs no right for it: what IAM hides is a
 * `skip` that names the right. Nothing is thrown for what is wrong; `refuseBad` does that.
 */
async function preflight(subject, world) {
    const wanted = wantedOf(subject);
    const answers = await ask(wanted, await world.resources(), world.ecr);
    return judge(subject, wanted, answers);
}
/** @throws Failure PREFLIGHT_FAILED with all that is `bad`, at once */
function refuseBad(checks) {
    const mistakes = checks
        .filter(({ status }) => status === 'bad')
        .map(({ subject, problem, remedy }) => ({ subject, problem, ...(remedy ? { remedy } : {}) }));
    if (mistakes.length === 0)
        return;
    const what = mistakes.length === 1 ? 'One check' : `${mistakes.length} checks`;
    throw new src_failure/* Failure */.H('PREFLIGHT_FAILED', `${what} before the deployment failed; nothing was changed.`, {
        mistakes,
        remedy: 'Correct that and run again. `preflight: false` deploys without these checks.',
    });
}


/***/ })

};
