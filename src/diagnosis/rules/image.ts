import { of } from '../say.ts';
import { AWS_MANAGES, byHost, hostName, onHosts } from './hosts.ts';
import {
  API,
  DOCKER,
  type Found,
  first,
  GUIDE,
  imageOf,
  maybe,
  namedRegion,
  OF_INSTANCES,
  OF_PULLS,
  OF_TASKS,
  type Rule,
  unfilledIn,
} from './rule.ts';

const PULL = `${GUIDE}/task_cannot_pull_image.html`;
const ARCHITECTURE = `${GUIDE}/fargate-tasks-services.html`;

const wanted = (platform: string | undefined): string =>
  platform ? `${platform} (the architecture that the task asks for)` : 'the architecture of the machine it runs on';

const forPlatform = (platform: string | undefined): string =>
  `${
    platform
      ? `Build the image for that platform: add ${platform} to the input \`platforms\` (linux/amd64,linux/arm64 for both)`
      : 'Build the image for the platform of the task: linux/amd64 for X86_64, linux/arm64 for ARM64, in the input `platforms` (linux/amd64,linux/arm64 for both)'
  }. Or change runtimePlatform.cpuArchitecture in the task definition (X86_64 is linux/amd64, ARM64 is linux/arm64) to what the image has (\`docker buildx imagetools inspect\`).`;

/** The entry point of Docker's official images has its #! line: there it is the shell that is for another architecture. */
const isScript = (program = ''): boolean =>
  /\.(?:sh|bash|py|rb|js)$/.test(program) && !program.endsWith('/docker-entrypoint.sh');

/** Asked for by its digest, which no tag can put right. */
const isByDigest = (found: Found): boolean => imageOf(found)?.includes('@sha256:') ?? false;

/** A tag and its digest: ECS puts the digest behind a tag that it pinned. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html */
const isPinned = (found: Found): boolean => /:[\w.-]{1,128}@sha256:/.test(imageOf(found) ?? '');

/** A registry that has the repository and not the manifest answers so; of a repository that it does not show, denied or name unknown. */
const isOfTag = (found: Found): boolean =>
  !isByDigest(found) &&
  /manifest for \S{1,400} not found|manifest unknown|MANIFEST_UNKNOWN/i.test(found.text) &&
  !/name unknown|NAME_UNKNOWN|denied|unauthorized/i.test(found.text);

/** No host stands in front of the name, or the one that a puller puts there in its place. */
const isBare = (found: Found): boolean => found.reading.registry === 'docker-hub';

const askedOfHub = ({ text }: Found): string =>
  of(
    'docker-hub',
    /docker\.io\//.test(text)
      ? 'was looked for on Docker Hub (docker.io)'
      : 'has no registry host in its name, so it was looked for on Docker Hub (docker.io) or a mirror of it',
  );

const FULL_URI =
  "Where the image is in ECR, write its full URI (ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY:TAG) in the container's image.";

const isLatest = (found: Found): boolean => /:latest$/.test(imageOf(found) ?? '');

/** In the address that a client asks a registry for: a tag with a character that no tag may have. */
const BAD_TAG =
  /\/v2\/[\w./-]{1,300}\/manifests\/(?<tag>[\w.-]{0,128}[^\w.:\s"'?#/-][^\s"'?#/]{0,128}?)(?=["']?:? |["']?$)/;
const badCharacter = (tag = ''): string => (/[^\w.%-]/.exec(tag) ?? /%[0-9A-Fa-f]{2}/.exec(tag))?.[0] ?? '';

/** What is wrong with a reference that a message quotes: undefined where it quotes none, or nothing of these. */
function misfitIn(
  text: string,
): { readonly reference: string; readonly why: string; readonly remedy: string } | undefined {
  const reference =
    /(?:parsing reference:? |invalid (?:tag|reference|argument) |reference )["'](?<reference>[^"'\n]{3,300})["']/i.exec(
      text,
    )?.groups?.reference;
  const { scheme, rest = '' } = /^(?<scheme>[a-z]{2,8}:\/\/)(?<rest>\S{1,290})$/i.exec(reference ?? '')?.groups ?? {};
  if (reference === undefined || scheme === undefined) return undefined;
  const name = rest.replace(/^index\.docker\.io\//, 'docker.io/').replace(/\/v[12]\//, '/');
  return {
    reference,
    why: `it begins with ${scheme}${/\/v[12]\//.test(rest) ? ' and has the path of an API (/v1/, /v2/)' : ''}, and a reference has only host, name and tag`,
    remedy: `Write it as ${name}: without ${scheme}${name.length < rest.length && /\/v[12]\//.test(rest) ? ' and the path of the API' : ''}. For ECR it is ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME:TAG (input \`repository\`); only the login takes a URL.`,
  };
}

/** What is wrong with the image itself: missing, misspelt, or built for something else. */
export const IMAGE: readonly Rule[] = [
  {
    id: 'image-invalid-reference',
    nature: 'permanent',
    surfaces: [...API, ...OF_PULLS.surfaces],
    producers: [...OF_PULLS.producers, 'cache'],
    launch: OF_PULLS.launch,
    subject: 'image',
    failure: 'invalid',
    match: [BAD_TAG],
    when: ({ text }) => /\b40[04]\b|Bad Request|invalid/i.test(text.slice(text.search(BAD_TAG))),
    cause: ({ text }) => {
      const tag = BAD_TAG.exec(text)?.groups?.tag;
      return `The tag ${tag} is not one that a registry takes: "${badCharacter(tag)}" may not stand in a tag.`;
    },
    remedy:
      'Write the tag with letters, digits, dots, dashes and underscores alone, at most 128 characters, and no dot or dash at its beginning: replace what else stands there (the + of a version, the / of a branch) by a dash.',
    link: `${DOCKER}/reference/cli/docker/image/tag/`,
  },
  {
    id: 'image-invalid-reference',
    nature: 'permanent',
    ...OF_PULLS,
    subject: 'image',
    failure: 'invalid',
    match: [
      /error parsing HTTP \d{3} response body: invalid character '<'|error unmarshalling content: invalid character '<'|HTTP \d{3} response body:.{0,80}<html/i,
    ],
    cause:
      'What answered in the place of the registry sent a web page (HTML) and no answer of a registry: the host or the path in the image is not that of a registry, or a proxy or login page answered for it.',
    remedy:
      'Correct registry host and repository of the image (for ECR ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME, input `repository`), and see whether a proxy or firewall on the way answers in its place.',
    link: PULL,
  },
  {
    id: 'image-windows-version-mismatch',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'image',
    failure: 'conflict',
    match: [
      /no matching manifest for (?<platform>windows\/\w+) (?<build>10\.0\.[\d.]+)/i,
      /(?:container operating system|operating system of the (?:container|image)) does not match/i,
      /ProcessUtilityVMImage|UtilityVM: The system cannot find|(?:isolation|process) .{0,60}(?:host|image) .{0,20}(?:version|build) mismatch|0xc0370101/i,
      /a Windows version (?<build>10\.0\.[\d.]+)-based image is incompatible with a (?<host>10\.0\.[\d.]+) host/i,
    ],
    cause: ({ words: { build } }) =>
      `The image is not built for the Windows version of the host (${build ? `build ${build}: ` : ''}10.0.17763 is Windows Server 2019, 10.0.20348 is 2022, 10.0.26100 is 2025).`,
    remedy: (found) =>
      `Use a base image of the host's Windows version (ltsc2019, ltsc2022, ltsc2025), or set runtimePlatform.operatingSystemFamily of the task definition${
        found.reading.launch === 'FARGATE'
          ? ''
          : byHost(found, {
              ec2: ' and the AMI of the container instances',
              external: ' and the Windows Server of the external instances',
              managed: '',
            })
      } to the Windows version of the image.`,
    link: `${GUIDE}/windows-considerations.html`,
  },
  {
    id: 'image-platform-mismatch',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'image',
    failure: 'conflict',
    match: [
      /does not contain (?:a )?descriptor matching platform ["']?(?<platform>\w+\/\w+(?:\/\w+)?)/i,
      /no (?:matching )?manifest for (?:platform )?(?<platform>\w+\/\w+(?:\/\w+)?)/i,
      /no match for platform(?: (?<platform>\w+\/\w+(?:\/\w+)?))? in manifest/i,
      /\b(?:descriptors?|manifests?|images?) (?:for|of|matching) (?:the )?platform:? ?[[{("'`]{0,3}(?<platform>(?:linux|windows)\/\w+(?:\/\w+)?)/i,
      /image operating system ["'\w]+ cannot be used on this platform/i,
    ],
    cause: ({ words }) => `The image is not built for ${wanted(words.platform)}: its manifest has no such platform.`,
    remedy: ({ words }) => forPlatform(words.platform),
    link: PULL,
  },
  {
    id: 'image-platform-mismatch',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'image',
    failure: 'conflict',
    match: [/exec(?:ve)?:? ["']?(?<program>\.{0,2}\/[\w./-]{1,255})["']?: exec format error/i, /exec format error/i],
    cause: ({ words: { program }, context: { launchType } }) =>
      isScript(program)
        ? `The kernel cannot execute the script${maybe(program)} (exec format error): its first line is no #! line, or the interpreter that it names is for another CPU architecture.`
        : `The program${maybe(program)} in the image is for another CPU architecture than the ${launchType === 'EXTERNAL' ? 'external instance' : 'machine'} it runs on (exec format error).`,
    remedy: ({ words: { program } }) =>
      isScript(program)
        ? `See that the first line of ${program ?? 'the script'} is #!/bin/sh (no blank line or byte order mark before it). If it is, ${forPlatform(
            undefined,
          )
            .replace(/^B/, 'b')
            .replace(/ Or change[\s\S]*$/, '')}`
        : `${forPlatform(undefined)} A script without a #! line as entry point says the same: then give it one.`,
    link: ARCHITECTURE,
  },
  {
    id: 'image-not-found',
    nature: 'ambiguous',
    ...OF_INSTANCES,
    subject: 'host',
    failure: 'missing',
    match: [/\bamazon\/amazon-ecs-pause(?::[\w.-]{1,40})?\b|\b(?:agent|container) pause image\b/i],
    cause: (found) =>
      `The ${hostName(found)} lacks the pause image of the ECS agent (amazon/amazon-ecs-pause), which holds the network of each task: it is no image of yours and in no registry, the agent loads it when it starts.`,
    remedy: onHosts({
      ec2: 'Restart the agent on that instance (sudo systemctl restart ecs), which loads it again, or replace the instance. Do not let docker image prune or another clean-up on the instance remove it.',
      external:
        'Restart the agent on that machine (sudo systemctl restart ecs), which loads it again. Do not let docker image prune or another clean-up on the machine remove it.',
      managed: AWS_MANAGES,
    }),
    link: `${GUIDE}/ecs-agent-config.html`,
  },
  {
    id: 'image-wrong-registry',
    technology: 'docker-hub',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'image',
    failure: 'conflict',
    match: [
      /resolve ref(?:erence)? ["']?(?<image>docker\.io\/[^\s:"']+(?::[\w.-]+)?).{0,80}pull access denied/i,
      /pull access denied for (?<image>(?![\w.-]+\.[\w.-]+\/|[\w.-]+:\d+\/)[\w./-]+), repository does not exist/i,
      /repository (?:docker\.io\/)?(?<image>(?![\w.-]+\.[\w.-]+\/|[\w.-]+:\d+\/)[\w./-]{2,255}) not found: does not exist or no (?:pull|read) access/i,
    ],
    cause: (found) =>
      `The image${maybe(imageOf(found))} ${askedOfHub(found)}: there is no such public repository, or it is private.`,
    remedy: () =>
      "Check whether the image exists under that name. For ECR write the full URI in the task definition's image (ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME:TAG), as this action does with the input `repository`; for a private registry give the container repositoryCredentials.",
    link: PULL,
  },
  {
    id: 'image-not-found',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'image',
    failure: 'missing',
    match: [
      /repository with name ["'](?<repository>[^"']+)["'] does not exist in the registry(?: with id ["'](?<account>\d+))?/i,
    ],
    unless: /manifest for \S+ not found|Cannot(?:Start|Create|Inspect|Stop)Container|network interface/i,
    cause: (found) => {
      const { repository, account } = found.words;
      const name = first(repository, imageOf(found));
      return `The repository of the image${maybe(name)} does not exist${account ? ` in account ${account}` : ''} in that Region, so there is no image to pull.`;
    },
    remedy: (found) =>
      `Correct the image URI in the task definition (account, Region${maybe(namedRegion(found))}, repository), or create the repository and push the image. With a pull through cache rule the execution role needs ecr:CreateRepository and ecr:BatchImportUpstreamImage.`,
    link: PULL,
  },
  {
    id: 'image-not-found',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'image',
    failure: 'missing',
    general: true,
    match: [
      /manifest for (?<image>\S+) not found/i,
      /manifest unknown|Requested image not found|MANIFEST_UNKNOWN/i,
      /resolve ref(?:erence)? ["']?(?<image>[^\s"']{1,400}?)["']?:? .{0,600}?not found/i,
      /\bimage ["']?(?<image>[\w./:@-]+?)["']?:? (?:was )?not found/i,
      /tag (?<tag>\S{1,128}) (?:was )?not found in repository (?<image>[\w./:@-]{2,300})/i,
      /CannotPull\w{0,40}:? (?:the )?image (?:was )?not found/i,
      /pull\b.{0,300}(?:check|confirm|verify) (?:that |whether |if )?the (?:image|repository|repo) exists?\b/i,
      /CannotPull.{0,300}?(?<![\w./@-])(?<image>[\w./@-]{1,255}:[\w.-]{1,128}) (?:was )?not found/i,
    ],
    unless: /pull access denied|no such host|executable file|secret|log group|container model/i,
    cause: (found) => {
      if (isPinned(found))
        return `The registry does not have the digest of ${imageOf(found)} any more. ECS writes tag and digest together for a tag that it pinned when the deployment started (versionConsistency), if the task definition does not; the image of that digest was deleted since.`;
      const unfilled = unfilledIn(/:(?<tag>[^:/@]{1,128})$/.exec(imageOf(found) ?? '')?.groups?.tag);
      if (unfilled !== undefined)
        return `The tag of the image${maybe(imageOf(found))} is the word "${unfilled}": what fills it had no value.`;
      if (isOfTag(found) && isBare(found))
        return `The image${maybe(imageOf(found))} ${askedOfHub(found)}, whose repository has no such tag${isLatest(found) ? ': without a tag `latest` is asked for, which not every repository has' : ''}.`;
      if (isOfTag(found))
        return `The repository of the image${maybe(imageOf(found))} has no such tag${isLatest(found) ? ': without a tag `latest` is asked for, which not every repository has' : ''}.`;
      return `The image${maybe(imageOf(found))}${found.words.tag ? ` with the tag ${found.words.tag}` : ''} does not exist in the registry${found.reading.host === undefined ? '' : ` ${found.reading.host}`} under that name${isByDigest(found) ? ' and digest' : ', tag or digest'}.`;
    },
    remedy: (found) => {
      if (isPinned(found))
        return 'Deploy again, so that ECS resolves the tag to the digest that it has now (input `force-new-deployment`); push the image where the tag is gone, too. Use a tag of its own for each build, and let the lifecycle policy keep images that services run, or set versionConsistency of the container to disabled.';
      if (isByDigest(found))
        return "Run the job that builds and pushes this image again. Or deploy one that the repository has: a lifecycle policy may have deleted it. Otherwise correct the container's image in the task definition (registry host, repository, digest).";
      if (isOfTag(found) && isBare(found))
        return of(
          'docker-hub',
          `${FULL_URI} Where Docker Hub is meant, name a tag that the repository has (hub.docker.com), or push the image with that tag.`,
        );
      if (isOfTag(found) && found.reading.registry !== 'ecr' && found.reading.registry !== undefined)
        return "Name a tag that the repository has in the container's image (its page lists them: hub.docker.com, gallery.ecr.aws), or push the image with that tag.";
      switch (found.reading.registry) {
        case 'docker-hub':
          return of(
            'docker-hub',
            `${FULL_URI} Where Docker Hub is meant, correct name and tag (hub.docker.com lists them), or push the image with that tag; a private one may answer the same without a login (repositoryCredentials).`,
          );
        case 'ecr-public':
        case 'other':
          return "Correct the container's image in the task definition: look up the names and tags that the registry has (hub.docker.com, gallery.ecr.aws), or push the image with that tag. A private one may answer the same without a login (repositoryCredentials).";
        case 'ecr':
          return "Push the image with that tag, or correct the container's image in the task definition (account, Region, repository, tag); a lifecycle policy of the repository may have deleted it. For a pull through cache check the upstream image and ecr:BatchImportUpstreamImage.";
        default:
          return "Push the image with that tag, or correct the container's image in the task definition (registry host, repository, tag; in ECR account and Region). In ECR a lifecycle policy may have deleted it.";
      }
    },
    link: PULL,
  },
  {
    id: 'image-layer-unsupported',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'image',
    failure: 'conflict',
    match: [
      /(?<diff>wrong diff id|diffid .{0,40}mismatch|mismatched diffid)/i,
      /number of layers and diffIDs don't match(?:: (?<count>\d{1,4} != \d{1,4}))?|mismatched image rootfs and manifest layers/i,
    ],
    cause: ({ words: { count, diff } }) =>
      diff
        ? 'The image is inconsistent: a layer, unpacked, has another content than its configuration names (diff id). The layer or the configuration was changed or mixed up after the build: by a tool that copies, merges or compresses images again, or by a damaged build cache.'
        : `The image is inconsistent: its manifest has another number of layers than its configuration${count ? ` (${count})` : ''}, so the container runtime cannot unpack it. Tools that merge or copy images, or mix layers of two compressions (gzip and zstd), leave such images.`,
    remedy:
      'Build and push the image again under a new tag, with one compression for all layers (output option force-compression=true) and without a build cache of another compression.',
    link: `${DOCKER}/build/exporters/image-registry/`,
  },
  {
    id: 'image-layer-unsupported',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'image',
    failure: 'conflict',
    match: [
      /(?<page>text\/html)/,
      /archive\/tar: (?:invalid tar header|unknown)|magic number mismatch|unsupported compression|invalid header|zstd/i,
      /(?:unsupported manifest media type|stream processor for|no processor for media-type|unsupported media ?type|unknown media ?type|mediaType in manifest should be|unexpected media type) ?["']?(?<type>application\/[\w.+-]+)?/i,
    ],
    cause: ({ words: { type, page }, text }) => {
      if (page)
        return 'What answered in the place of the registry sent a web page (text/html) and no image: a proxy, a login page, or a host that is no registry.';
      return /tar header|magic number|compress|zstd/i.test(text)
        ? 'The container runtime cannot read a layer of the image: it is compressed in a way that this version does not know (zstd), or it is damaged.'
        : `The image has a layer or manifest of a kind${maybe(type)} that the container runtime cannot unpack: an attestation instead of the image, or an unknown media type.`;
    },
    remedy: ({ text, words: { page }, reading: { launch } }) => {
      if (page)
        return "Check the registry host in the container's image, and whether a proxy or firewall on the way answers for it.";
      return /tar header|magic number|compress|zstd/i.test(text)
        ? `Build with gzip layers (no compression=zstd in the output)${launch === 'FARGATE' || launch === 'MANAGED_INSTANCES' ? '' : `, or use ${launch === 'EXTERNAL' ? 'a Docker on the external instance that is version' : 'an AMI whose Docker is'} 23 or newer`}. A damaged layer goes away with a new push.`
        : 'Name the tag or the digest of the image index in the task definition, not that of an attestation; or build without attestations (`provenance: false`, `sbom: false`).';
    },
    link: `${DOCKER}/build/metadata/attestations/`,
  },
  {
    id: 'image-invalid-reference',
    nature: 'permanent',
    ...OF_PULLS,
    subject: 'image',
    failure: 'invalid',
    match: [
      /invalid reference format(?:: (?<why>repository name[^\n]{0,80}must be lowercase))?/i,
      /repository name (?:\([^)]{1,200}\) )?must be (?:in )?lowercase|must be lowercase/i,
      /failed to normalize image reference ['"](?<image>[^'"]{1,300})/i,
      /lookup (?<image>\.dkr\.ecr[\w.-]+)|(?<host>https:\/\/\.dkr\.ecr[\w.-]+)/i,
      /\.dkr[.-]ecr\.[\w-]{1,30}\.(?<misspelt>amazonaws{2,}\.com|amazonaws\.com[a-z]\w{0,20}|amazonaws\.(?:co|con|cm)(?![\w.]))/i,
    ],
    cause: (found) => {
      if (found.words.misspelt)
        return `The registry host of the image is misspelt: ${found.words.misspelt} instead of amazonaws.com.`;
      if (
        /\.dkr\.ecr/.test(found.words.image ?? found.words.host ?? '') &&
        /^(?:https:\/\/)?\./.test(found.words.image ?? found.words.host ?? '')
      )
        return 'The registry host begins with a dot: the AWS account id in front of .dkr.ecr was empty, so the image reference is not valid.';
      const misfit = misfitIn(found.text);
      if (misfit !== undefined) return `The image reference ${misfit.reference} is not valid: ${misfit.why}.`;
      return `The image reference${maybe(imageOf(found) ?? /invalid tag "([^"\n]{1,300})"/.exec(found.text)?.[1])} is not valid${found.words.why ? `: ${found.words.why}` : ''}.`;
    },
    remedy: ({ reading, text }) =>
      misfitIn(text)?.remedy ??
      `${reading.registry === undefined || reading.registry === 'ecr' ? 'Write it as ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME:TAG, the AWS account id first' : 'Write it as HOST/NAME:TAG'}: the repository name in lowercase, no spaces, a tag of letters, digits, dots, dashes and underscores. Look whether a variable in the inputs \`repository\`, \`image\` or \`tags\` is empty or masked (***: it holds the value of a secret).`,
    link: `${DOCKER}/reference/cli/docker/image/tag/`,
  },
];
