import { AGAIN_NETWORK, COPY_BEFORE, PROXY_NAME, TOKEN, type Tool } from './tool.ts';

const ROOT = 'Put USER behind the step (or USER root before it and the old user after it) in the Dockerfile.';
const CRLF =
  'Store the file with LF line ends: a line `*.sh text eol=lf` in .gitattributes and git add --renormalize, or sed -i "s/\\r$//" FILE before it is called.';

const APT: Tool = {
  technology: 'debian',
  form: /^(?:E|W|Err|Ign|Get|Hit)(?::\d+)?[: ]|\bapt\b|apt-get|dpkg|debconf|Do you want to continue/im,
  rows: [
    [
      /Method (?<name>https?|store|gpgv) has died unexpectedly|Sub-process (?<name2>https?|gpgv) received a? ?(?:segmentation fault|signal)/,
      'a part of apt ({name}) crashed: so releases do whose C library is too old for the kernel of the builder, and programs under emulation of another CPU architecture',
      [
        'Use a base image whose release is still supported.',
        {
          for: ['emulation', 'debian'],
          words:
            ' If the release is current, the platform is emulated: build it on a native runner (ubuntu-24.04-arm), or update the emulator (docker/setup-qemu-action).',
        },
      ],
      { technology: 'emulation' },
    ],
    [
      /Do you want to continue\? \[Y\/n\].{0,20}/,
      'apt-get asks whether to continue, and there is no one to answer in a build',
      'Add -y (apt-get install -y) in the RUN line.',
      { when: /Abort|Do you want to continue\? \[Y\/n\]\s{0,3}$/ },
    ],
    [
      /Packages were downgraded and -y was used without --allow-downgrades/,
      'apt would have to install an older version than the base image has, as the command asks for one of another release',
      'Take the package from the release of the base image (leave out VERSION or /RELEASE-backports), pin the base image to the release that the repository is for, or add --allow-downgrades.',
    ],
    [
      /Version '(?<name>[^']{1,80})' for '(?<pack>[^']{1,80})' was not found/,
      'the package lists of apt have {pack}, but not in the version {name}',
      'Leave the version out, or pin one that the release of the base image has now (apt-cache policy {pack}): Debian and Ubuntu remove older builds.',
    ],
    [
      /Could not (?:get|open) lock|Unable to (?:acquire|lock)|are you root\?|could not open lock file.{0,80}Permission denied|List directory \S{1,100} is missing.{0,40}Permission denied|dpkg: error: requested operation requires superuser/i,
      'apt needs root, and the stage runs as another user (or another process holds the lock)',
      ROOT,
    ],
    [
      /(?:is not valid yet|Release file .{0,200}invalid for another)/,
      'the clock of the builder is behind: the package lists are younger than its time',
      'Correct the clock of the runner or of its virtual machine (Docker Desktop, WSL: restart it), then run the job again.',
    ],
    [
      /does not have a Release file|no longer has a Release file|Release file .{0,200}is expired|Release .{0,40}404 +Not Found/,
      'the repository of apt is gone or outdated: the release of the base image (or that extra repository) is no longer served there',
      'Use a base image whose release is supported (or for an old one archive.debian.org, old-releases.ubuntu.com), and correct extra repositories for the codename of the base image.',
    ],
    [
      /EXPKEYSIG (?<name>\w{8,40})(?: (?<owner>[^<\n]{2,80}?))?(?= <|$)/,
      'the key {name} of a repository of apt ({owner|its owner is not named}) has expired in the image',
      'Fetch the renewed key of that repository again in the Dockerfile (curl -fsSL URL | gpg --dearmor into /etc/apt/keyrings, before apt-get update), or use a newer base image; where nothing needs that repository, remove it from /etc/apt/sources.list.d.',
    ],
    [
      /REVKEYSIG (?<name>\w{8,40})(?: (?<owner>[^<\n]{2,80}?))?(?= <|$)/,
      'the key {name} of a repository of apt ({owner|its owner is not named}) was revoked',
      'Take the new key from the documentation of that repository and name it with signed-by in the sources list, or remove the repository from the image.',
    ],
    [
      /(?<name2>https?:\/\/[^\s]{1,200})?[^\n]{0,80}(?:Clears|S)igned file isn't valid, got 'NODATA'/,
      'what answered apt in the place of the repository {name} is no file of it (NODATA): a proxy, a firewall or a login page of the network, or a mirror that is broken',
      'Let the runner reach the repository without that page: set the proxy (HTTP_PROXY, HTTPS_PROXY as build arguments), allow its host in the proxy or firewall, or use a mirror with https. The keys of apt are not the reason.',
      { rule: 'build-network' },
    ],
    [
      /NO_PUBKEY (?<name>\w{8,40})|couldn't be verified because the public key|is not signed/,
      'apt does not have the key of a repository{ name}',
      'Fetch its key into /etc/apt/keyrings (curl -fsSL URL | gpg --dearmor) and name it with signed-by in the sources list; for the own repositories of the release use a newer base image.',
      { unless: /At least one invalid signature/ },
    ],
    [
      /At least one invalid signature was encountered/,
      'apt could not check the signatures: the disk of the builder is full, or its Docker is too old for the base image',
      'Free disk (docker system prune -af on the runner) and use a current Docker on a self-hosted runner; a mirror or proxy that changes files says the same.',
    ],
    [
      /Hash Sum mismatch|File has unexpected size|Mirror sync in progress/,
      'the mirror of apt changed while the package lists were read, or a proxy gave an old copy',
      'Run the job again; keep apt-get update and apt-get install in one RUN, and switch off caching of the proxy for it.',
    ],
    [
      /Failed to fetch https?:\/\/(?<of>[\w.-]{1,120})(?::\d{1,5})?\/.{1,400}? +(?:Could not resolve|Temporary failure resolving) '(?!\k<of>')(?<name>[\w.-]{1,200})'/,
      'apt could not resolve {name}, which is not the host of the packages ({of}): it is the proxy that apt is told to use, or where the mirror sends it',
      PROXY_NAME,
      { rule: 'build-network' },
    ],
    [
      /(?:Could not resolve|Temporary failure resolving) '(?<name>[\w.-]{1,200})'/,
      'apt could not resolve the host name {name}',
      AGAIN_NETWORK,
      { rule: 'build-network' },
    ],
    [
      /(?:Failed to fetch|^Err:).{0,300}50[0234] |Unable to fetch some archives.{0,20}$/,
      'a mirror of apt answered with an error',
      'Run the job again: apt-get update and apt-get install in one RUN, with retries (-o Acquire::Retries=3), or another mirror.',
      { rule: 'build-network', when: /\b50[0234] / },
    ],
    [
      /Failed to fetch https?:\/\/(?<name4>[\w.-]{1,120})\/\S{1,300} +(?:Connection failed|Could not connect|Connection timed out)|Could not connect to (?<name>[\w.-]{1,120}):\d{1,5}|Unable to connect to (?<name2>[\w.-]{1,120}):|Cannot initiate the connection to (?<name3>[\w.-]{1,120}):/,
      'apt could not reach the mirror {name}',
      AGAIN_NETWORK,
      { rule: 'build-network' },
    ],
    [
      /gnupg, gnupg2 and gnupg1 do not seem to be installed|(?<name>gpg|apt-key|add-apt-repository|lsb_release): (?:command )?not found/,
      'the command {name|gpg} is not in the base image',
      'Install it first in the same RUN (gnupg for gpg, software-properties-common for add-apt-repository, lsb-release); apt-key no longer exists: use /etc/apt/keyrings with signed-by.',
    ],
    [
      /(?:^|\s)(?<name>[\w.+-]{1,60}) : (?:Pre-?)?Depends: (?<what>[\w.+-]{1,60}(?: \([^)\n]{1,40}\))?) but (?:it is not installable|\S{1,60} is to be installed)/,
      'the package {name} needs {what}, which the repositories of that stage do not have: it was made for another release than the base image',
      'Take {name} from the repository that its vendor has for the release of the base image, or use the base image that it was made for; do not mix repositories of several releases.',
    ],
    [
      /The following packages have unmet dependencies|held broken packages|Unable to correct problems/,
      'apt cannot install packages together: one needs a version that the repositories of that stage do not have',
      'Do not mix repositories of other releases, and leave pinned versions out; the lines below name the package and the version that it depends on.',
    ],
    [
      /Please select the (?:geographic area|layout)|Geographic area:/,
      'the installation of a package asks a question (tzdata), and there is no one to answer in a build',
      'Set DEBIAN_FRONTEND=noninteractive for that step (RUN DEBIAN_FRONTEND=noninteractive apt-get install -y tzdata).',
    ],
    [
      /Malformed (?:entry|line) \d{1,4} in (?:list|source|sources)|Conflicting values set for option Signed-By/,
      'a sources list of apt in that stage is not valid or names a repository twice',
      'Correct the file in /etc/apt/sources.list.d that the line names: a variable in it was empty, or another package has added the same repository.',
    ],
    [
      /dpkg: error processing (?:package|archive) (?<name>\S{1,120})/,
      'the package {name} could not be set up',
      [
        'Read the lines above it: its own script names the reason',
        { examples: ['a missing service', 'disk', { for: 'emulation', words: 'memory or emulation' }] },
        '.',
      ],
      { unless: /No space|qemu|Segmentation|Cannot allocate/i },
    ],
  ],
};

const APK: Tool = {
  technology: 'alpine',
  form: /\bapk\b|\.apk\b|-r\d{1,4}: |world\[|alpine|fetch https?:|unable to select|ERROR: /i,
  rows: [
    [
      /(?<name>[\w.+-]{1,80})-r\d{1,4}: failed to preserve (?<what>\S{1,150}): (?:permission|ownership|attributes)/i,
      'apk could not give {what} of {name} its owner or capabilities: the storage or the user namespace of the builder does not allow that (rootless, a NAS)',
      'Leave that package out where the base image has the program already (ping of BusyBox for iputils), or build on another machine or with a builder that runs as root (docker-container driver).',
    ],
    [
      /breaks: world\[(?<name>[^\]]{1,100})\]/,
      'the Alpine release of the base image does not have the version that is pinned ({name})',
      'Leave the version out or pin it loosely (NAME~=1.2): a release of Alpine keeps only its newest build.',
    ],
    [
      /^(?:ERROR: )?(?<name>[\w.+-]{1,80}-r\d{1,4}): (?:bad archive|BAD archive|BAD signature|IO ERROR|unexpected end of file|package mentioned in index not found)/,
      'the package {name} that apk got from the repository is damaged or not the one of its index: a mirror that is being updated, or a proxy that answers in its place',
      'Run the job again in some minutes, with --no-cache so that the index is fetched again. If it persists, use another mirror in /etc/apk/repositories, or look at the proxy of the runner.',
      { rule: 'build-network' },
    ],
    [
      /Unable to lock database|Unable to open log: Permission denied|apk\.\w{1,20}: Permission denied/,
      'apk needs root, and the stage runs as another user',
      ROOT,
    ],
    [
      /^(?:[0-9A-F]{8,20}:)?error:[0-9A-F]{8}:SSL routines:[\w:-]{0,80}certificate verify failed/,
      'TLS failed inside the step: apk does not trust the certificate of the repository, as behind a proxy that opens TLS (the packages are not missing)',
      'Put the CA certificate of the proxy into the stage before apk add (COPY company.crt and append it to /etc/ssl/certs/ca-certificates.crt), or let the proxy pass dl-cdn.alpinelinux.org unopened.',
    ],
    [
      /^(?:[0-9A-F]{8,20}:)?error:[0-9A-F]{8}:SSL routines:[\w:-]{0,80}unexpected eof while reading/,
      'the connection of apk to the repository was cut during TLS (the packages are not missing)',
      AGAIN_NETWORK,
      { rule: 'build-network' },
    ],
    [
      /^WARNING: (?:Ignoring|fetching|updating|opening) (?<name>https?:\/\/[^\s:]{1,200}): {1,3}(?<why>[^\n]{3,120})/,
      'apk could not fetch the index of the repository {name} ({why}), so that it knows none of its packages: what it says of them below is a consequence',
      `${AGAIN_NETWORK} Where it says "Permission denied" a proxy or VPN is in the way, or Docker on the runner is too old for that Alpine; "No such file or directory" means that the release in the URL is not there.`,
      { rule: 'build-network', when: /unable to select|unsatisfiable constraints|no such package|\(missing\)/ },
    ],
    [
      /^ERROR: (?<name2>https?:\/\/[^\s:]{1,200}): {1,3}(?:temporary error|network error|Permission denied|operation timed out|TLS|could not connect)/,
      'apk could not reach the repository {name}',
      `${AGAIN_NETWORK} Where it says "Permission denied" a proxy or VPN is in the way, or Docker on the runner is too old for that Alpine.`,
      { rule: 'build-network' },
    ],
    [
      /(?:fetch|fetching) (?<name>https?:\/\/[^\s:]{1,200}).{0,20}(?:temporary error|network error|DNS|Permission denied|operation timed out|TLS)|DNS lookup error|network error \(check Internet/i,
      'apk could not reach the repository {name|of Alpine}',
      `${AGAIN_NETWORK} Where it says "Permission denied" a proxy or VPN is in the way, or Docker on the runner is too old for that Alpine.`,
      { rule: 'build-network' },
    ],
  ],
};

const YUM: Tool = {
  form: /\b(?:yum|dnf|microdnf|zypper|pacman|rpm|amazon-linux-extras)\b|mirrorlist|repo|No match for|No package \S{1,80} available|Unable to find a match|Is this ok|target not found/i,
  rows: [
    [
      /No matching repo to modify: (?<name>[\w.-]{1,80}?)\.?$|Unknown repo: '?(?<name2>[\w.-]{1,80}?)'?$/,
      'the base image has no repository with the id {name}',
      'Correct the id for that release (dnf repolist --all shows them): PowerTools of CentOS 8 is powertools from 8.3 on and crb in 9. Install the package that brings it (epel-release) before.',
    ],
    [
      /No more mirrors to try|all mirrors were already tried|Failed to download metadata for repo '(?<name>[^']{1,60})'|Errors during downloading metadata for repository '(?<name2>[^']{1,60})'/,
      'a download of dnf failed: the mirrors did not answer correctly{ name}',
      'Run the job again; if it persists, check the proxy of the runner (HTTP_PROXY as build argument) and whether that repository still serves the release of the base image.',
      { rule: 'build-network', unless: /mirrorlist\.centos\.org|No URLs in mirrorlist|Status code: 404/ },
    ],
    [
      /mirrorlist\.centos\.org|Cannot find a valid baseurl for repo: ?(?<name>\S{0,60})|Cannot prepare internal mirrorlist|vault\.centos\.org.{0,60}404/,
      'the repositories of the base image are gone: CentOS 7 and 8 have reached their end of life',
      'Use a base image that is supported (almalinux:9, rockylinux:9, amazonlinux:2023), or for now point the files in /etc/yum.repos.d to vault.centos.org.',
    ],
    [
      /Unable to find a match: (?<name>.{1,120})|No match for argument: (?<name2>\S{1,80})|No package (?<name3>\S{1,80}) available|No package matches '(?<name4>[^']{1,80})'|Package (?<name5>\S{1,80}) not found\.$|Package '(?<name6>[^']{1,80})' not found|target not found: (?<name7>\S{1,80})/,
      'the repositories of the base image have no package {name}',
      'Correct the name for that distribution and release, or add the repository that has it before the step (EPEL, CRB; on Amazon Linux 2 amazon-linux-extras, which Amazon Linux 2023 does not have, nor EPEL). Some packages exist for one CPU architecture only.',
    ],
    [
      /Failed dependencies:\n\s{0,8}(?<what>\S{1,120}(?: [<>=]{1,2} \S{1,40})?) is needed by (?<name>\S{1,120})/,
      'the package {name} needs {what}, which that stage does not have: rpm fetches nothing, and the file may be for another distribution or CPU architecture',
      'Install the file with dnf install -y ./FILE.rpm (or its URL), which fetches what it needs, and take the file for the distribution and the architecture that is built (TARGETARCH).',
      { lines: 2 },
    ],
    [
      /No such command: (?<name>[\w-]{1,40})\. Please use \S{0,40}dnf --help/,
      'dnf of that stage has no command {name}: it comes with a plugin that is not installed',
      "Install the plugin before the step (dnf install -y 'dnf-command({name})', as a rule the package dnf-plugins-core).",
    ],
    [
      /amazon-linux-extras: (?:command )?not found/,
      'amazon-linux-extras is not in Amazon Linux 2023',
      'Install the package with dnf under its name in Amazon Linux 2023, or use amazonlinux:2 as base image.',
    ],
    [
      /curl-minimal.{0,80}conflicts|conflicts with curl(?:-minimal)?\b|package curl-minimal/,
      'the base image has curl-minimal, and the package curl conflicts with it',
      'Leave curl out (curl-minimal has the command curl), or install with --allowerasing.',
    ],
    [
      /Is this ok \[y\/[Nd](?:\/N)?\]|Operation aborted/,
      'the package manager asks whether to continue, and there is no one to answer in a build',
      'Add -y in the RUN line (dnf install -y, yum install -y).',
    ],
    [
      /GPG check FAILED|Public key for \S{1,120} is not installed/,
      'the key of a repository is not installed, so the package is refused',
      'Import it first (rpm --import URL of the key, or gpgkey in the .repo file).',
    ],
  ],
};

/** curl by its exit codes, wget, gpg, tar: https://everything.curl.dev/cmdline/exitcode */
const DOWNLOAD: Tool = {
  form: /curl|wget|Invoke-WebRequest|gpg|tar|unzip|sha\d{3}sum|gzip|ssl_client|https?:/i,
  rows: [
    [
      /^gzip: (?:invalid magic|stdin: not in gzip format)|^tar: (?:invalid magic|invalid tar magic|This does not look like a tar archive)/,
      'an archive that the step unpacks is damaged or not an archive: the download was cut or was an error page',
      'Check the URL and version that it comes from, let curl fail on errors (curl -fsSL), and compare its checksum.',
    ],
    [
      /curl: .{0,60}?error: (?<name>4(?!29)\d\d)|^(?:.{0,60})?ERROR (?<name2>4(?!29)\d\d):|server returned error: HTTP\/[\d.]{1,3} (?<name3>4(?!29)\d\d)/,
      'a download was refused with HTTP status {name}',
      'Correct the URL or version that the step downloads (404), or give it the token that the server asks for as a build secret (401, 403).',
    ],
    [
      /curl: .{0,60}?error: (?<name>50\d|429)|ERROR (?<name2>50\d|429):|HTTP\/[\d.]{1,3} (?<name3>50\d|429)/,
      'a download failed: the server answered with HTTP status {name}',
      'Run the job again, and let the step retry (curl --retry 5 --retry-all-errors); for 429 fewer jobs at once, or a token.',
      { rule: 'build-network' },
    ],
    [
      /curl: \((?:60|77)\)|wget: .{0,60}certificate|ssl_client: .{0,80}verif|(?:cannot|Unable to locally) verify .{0,80}(?:certificate|authority)|server certificate verification failed|Problem with the SSL CA cert/,
      'TLS failed inside the step: the image does not trust the certificate of the server (no ca-certificates, or the CA of a proxy)',
      'Install ca-certificates in that stage before the step. Behind a proxy that opens TLS add its CA certificate, too (update-ca-certificates), for instance as a build secret.',
      { unless: /has expired|not yet valid|self[- ]signed/i },
    ],
    [
      /Could not create SSL\/TLS secure\s{1,4}channel/,
      'PowerShell did not agree on TLS with the server: in older Windows images it offers only TLS 1.0, and servers want 1.2',
      'Put [Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12 in front of the download in that RUN, or use a newer base image of Windows Server.',
      { lines: 2 },
    ],
    [
      /curl: \(5\) Could not resolve proxy: (?<name>[\w.-]{1,200})/,
      'curl could not resolve the name of the proxy {name} that it is told to use',
      PROXY_NAME,
      { rule: 'build-network' },
    ],
    [
      /curl: \(6\)(?: Could(?:n't| not) resolve host(?: name)?: (?<name2>[\w.-]{1,150}))?|wget: (?:unable to resolve(?: host address)?|bad address) .?(?<name>[\w.-]{1,150})/,
      'a download failed: the host name{ name} could not be resolved',
      'Check the spelling of the host in the RUN line (an empty variable in it); then run the job again, and check DNS and proxy of the runner (input `network`).',
      { rule: 'build-network' },
    ],
    [
      /curl: \((?:7|18|28|35|52|55|56|92|16)\)|wget: (?:download timed out|can't connect)/,
      'a download failed: the server did not answer, or the connection broke',
      AGAIN_NETWORK,
      { rule: 'build-network' },
    ],
    [
      /(?<name>\S{1,200}): FAILED(?: open or read)?\n(?:sha\d{1,3}sum|md5sum|shasum): WARNING/,
      'the checksum of {name} is not the expected one: another version was downloaded, the file was changed, or an error page was saved in its place',
      'Compare version, architecture and checksum in the RUN line with what the vendor publishes, let curl fail on errors (curl -fsSL), and run the job again where a proxy or mirror gave a damaged file.',
      { lines: 2 },
    ],
    [
      /curl: \(2\) no URL specified|curl: no URL specified/,
      'curl was given no URL: a variable or a command in $( ) that should give it is empty',
      'Declare the variable in that stage (ARG after FROM, input `build-args`), or see what the command in $( ) answers: without a token the API of GitHub refuses builds after its limit.',
    ],
    [
      /curl: \(3\)|URL (?:rejected|using bad\/illegal format)|wget: not an http or ftp url/,
      'the URL of a download is not valid: a variable in it is empty, or it has a space or quote',
      'Declare the variables of the URL in that stage (ARG after FROM) and pass them with the input `build-args`.',
    ],
    [
      /curl: \(23\)|wget: can't open '?(?<name>[^':]{1,200})/,
      'a download could not be written: the folder is missing, not writable, or the disk is full',
      'Make the folder before (mkdir -p) as a user who may write there; where it is piped, the program behind the pipe ended first.',
      { unless: /No space/ },
    ],
    [
      /keyserver receive failed|gpg: keyserver/,
      'gpg could not fetch a key: the keyserver did not answer',
      'Run the job again, use another keyserver (hkps://keyserver.ubuntu.com, hkps://keys.openpgp.org), or put the key into the repository and COPY it.',
      { rule: 'build-network' },
    ],
    [
      /gpgkeys: key (?<name>[0-9A-F]{8,40}) can't be retrieved|gpg: keyserver receive failed: /,
      'the key server did not give the key{ name}',
      [
        'Fetch the key over HTTPS from the vendor',
        { examples: [{ for: 'debian', words: 'curl -fsSL URL | gpg --dearmor -o /etc/apt/keyrings/NAME.gpg' }] },
        ', or name another server (hkps://keys.openpgp.org, hkps://keyserver.ubuntu.com).',
      ],
    ],
    [
      /mismatching "local" filename|^(?:\[?\S{1,100}\]? )?warning: .{0,80}(?:zip|appears to use backslashes)/,
      'unzip unpacked the archive with a warning (names that are not in ASCII, backslashes), and ends with exit code 1 for it',
      'Let the step go on for that code (unzip FILE || [ $? -eq 1 ]), or unpack it with another program that gives no warning (bsdtar -xf FILE, python3 -m zipfile -e FILE .).',
      { when: /\bunzip\b/ },
    ],
    [
      /no valid OpenPGP data found/,
      'gpg got no key: the download before it gave nothing, or an error page',
      'Correct the URL of the key, let curl fail on errors (curl -fsSL), and install ca-certificates before it.',
    ],
    [
      /\((?:child\))?: (?<name>xz|bzip2|zstd|lzma|gzip|lzip): Cannot exec|(?<name2>xz|bzip2|zstd|unzip|gzip): (?:command )?not found/,
      'the program {name} that unpacks the archive is not in that stage',
      [
        'Install it before the step',
        {
          examples: [{ for: 'alpine', words: 'xz', else: 'xz-utils for xz' }, 'unzip, bzip2, zstd'],
        },
        '.',
      ],
    ],
  ],
};

const GIT: Tool = {
  form: /patch|\bgit\b|fatal: |submodule|publickey|[Hh]ost key|\bssh\b|RPC failed|sideband/,
  rows: [
    [
      /hunks? FAILED -- saving rejects to file (?<name>\S{1,200}?)(?:\.rej)?$|(?<name2>\S{1,200}): patch does not apply$/,
      'a patch does not apply to {name}: that file is of another version than the patch was made for',
      'Make the patch again for the version that the step downloads (git diff in a clean checkout of it), or pin the version that it was made for.',
    ],
    [
      /malformed patch at line (?<name>\d{1,6})|patch unexpectedly ends in middle of line|corrupt patch at (?:\S{1,100}:)?line (?<name2>\d{1,6})/,
      'the patch file is not whole or was changed{ name} (line ends, trailing spaces, a missing last line)',
      'Make it again with git diff > FILE, keep editors and Git from changing it (`*.patch -text` in .gitattributes), and end it with a newline.',
    ],
    [
      /error: patch failed: (?<name>\S{1,200})|error: (?<name2>\S{1,200}): patch does not apply/,
      'a patch does not apply to {name}: that file is of another version than the patch was made for',
      'Make the patch again for the version that the step downloads, or pin the version that it was made for.',
    ],
    [
      /not a git repository: \S{0,200}\.git\/modules\/(?<name>[\w./+-]{1,120})|unable to find current revision in submodule path '(?<name2>[^'\n]{1,120})'/,
      'the submodule {name} was copied with its .git file, which points to the .git of the whole repository, and that is not in the image',
      'Check out the submodules before the build (actions/checkout with submodules: recursive) and call no Git for them in the step; what only reads the commit takes it from the input `build-args`.',
    ],
    [
      /not a git repository/,
      'the step asks Git, and there is no .git in the image',
      'Pass what it needs (commit, version) with the input `build-args`; or COPY .git, take it out of .dockerignore, and check out with fetch-depth: 0.',
    ],
    [
      /Remote branch (?<name>\S{1,100}) not found|pathspec '(?<name2>[^']{1,100})' did not match|couldn't find remote ref (?<name3>\S{1,100})/,
      'the Git repository has no branch or tag {name}',
      'Correct the name in the RUN line; a variable in it may be empty (ARG after FROM, input `build-args`).',
    ],
    [
      /destination path '(?<name>[^']{1,150})' already exists and is not an empty directory/,
      'git clone finds the folder {name} filled already',
      'Clone into another folder, or remove it first in the same RUN.',
    ],
    [
      /RPC failed|early EOF|unexpected disconnect while reading sideband|The requested URL returned error: 50\d/,
      'git lost the connection to the server during the transfer',
      'Run the job again, with a shallow clone (git clone --depth 1).',
      { rule: 'build-network' },
    ],
    [
      /(?:go: )?module (?<name>[\w.-]{1,80}\/[\w./@-]{1,200}): git ls-remote|fatal: repository '(?<name2>[^']{1,200})' not found|(?:could not read (?:Username|Password)|Authentication failed) for 'https?:\/\/(?:[^@'\s]{1,80}@)?(?<name3>[\w.-]{1,80}\/[^']{1,200})|(?:could not read (?:Username|Password) for|terminal prompts disabled|Repository not found)/,
      'Git could not read the repository{ name}: there is no public one at that address, or it is private and the step has no token that may read it (the server answers both in the same way)',
      `Compare the address letter by letter with that of the repository. If it is private, give the step a token as ${TOKEN}; the token of a job reads its own repository only.`,
      {
        when: /could not read (?:Username|Password) for|repository '[^'\n]{1,200}' not found|Repository not found|terminal prompts disabled/,
        unless: /remote: (?:Invalid username|Write access|Support for password)/,
      },
    ],
    [
      /No (?:ECDSA|RSA|ED25519) host key is known for (?<name>[\w.-]{1,100})|Host key verification failed/,
      'Git over SSH does not know the key of the server{ name}, and there is no one to confirm it in a build',
      'Write it into known_hosts before the step: RUN mkdir -p -m 0700 ~/.ssh && ssh-keyscan {name|github.com} >> ~/.ssh/known_hosts. Then the step needs a key as well (input `ssh`, RUN --mount=type=ssh).',
    ],
    [
      /cannot run ssh: No such file or directory/,
      'Git was to fetch a repository over SSH, and there is no ssh in that stage',
      [
        'Name the repository by https (git config --global url."https://github.com/".insteadOf ssh://git@github.com/ in that step), or install ssh in it',
        { examples: [{ for: 'alpine', words: 'apk add openssh-client', else: 'openssh-client' }] },
        ' and give it a key (input `ssh`, RUN --mount=type=ssh).',
      ],
    ],
    [
      /^(?:remote: )?ERROR: We're doing an SSH key audit|^Reason: unverified due to lack of use/,
      'GitHub holds the SSH key back until its owner approves it (key audit), so nothing can be read with it',
      'Open the link that GitHub printed below it as the owner of the key and approve it, or replace the key: a new deploy key or token as a build secret.',
    ],
    [
      /Authentication failed for '(?<name3>[^']{1,200})|(?<name4>git@[\w.-]{1,100}): Permission denied|Permission denied \(publickey/,
      'a private Git repository{ name} could not be read: the step has no credentials that it takes',
      `Give the step a token as ${TOKEN}, or an SSH agent (input \`ssh\`, RUN --mount=type=ssh, with the host in known_hosts); the token of a job reads its own repository only.`,
    ],
  ],
};

/** A folder that builds write to. */
const isResult = (path = ''): boolean =>
  /(?:^|\/)(?:target|build|\.build|dist|out|release|debug|bin|\.next|\.output|publish)\//i.test(path);
const RESULT =
  'A step before this one has to make it in the same stage: compare the path with what that step writes (its log, RUN ls -R). What is written into a cache mount (RUN --mount=type=cache) is gone after that RUN, so copy the result out of it in the same RUN.';

const BASHISMS = 'source|disown|caller|\\[\\[|pushd|popd|shopt|declare|function|select|let|mapfile|readarray';
const SHELL: Tool = {
  form: /not found|builtin|error|denied|invalid|ambiguous|unrecognized|Unknown option|No such|Bad|Illegal|exist|exec|cannot|can't|\r|busy|systemd|mount|Read-only|supported|reported|illegal|expected|unterminated|\[: /i,
  rows: [
    [
      /\/run\/secrets\/(?<name>[\w./-]{1,100})/,
      'the build secret {name} is not there: it was not passed to the build, or this RUN does not mount it',
      'Pass it with the input `build-secrets` ({name}=value), and mount it in that RUN: --mount=type=secret,id={name}. Without a target it is at /run/secrets/{name}, readable by root only.',
      {
        rule: 'build-secret-missing',
        when: /\/run\/secrets\/[\w./-]{1,100}.{0,40}(?:No such file|not found|ENOENT|Permission denied|cannot open|can't open|does not exist)|(?:No such file|ENOENT|can't open|cannot open|FileNotFound|not found).{0,80}\/run\/secrets/i,
      },
    ],
    [
      /(?:bash|sh|python3?|node|env|ruby|perl)\\?r['’]?: No such file|\$'\\r'|\\r'{1,2}$|\^M: |[\w.-]{1,60}\\r: (?:not found|command)/,
      'a script has Windows line ends (CRLF), so its interpreter or commands are not found',
      CRLF,
    ],
    [
      /(?:^|[: ])enable: not found/,
      'the words of the command are swapped: it is corepack enable, not enable corepack',
      'Write `corepack enable` in the RUN line (in images of Node.js 25 and newer after `npm install -g corepack`), with packageManager in package.json for the version.',
      { when: /\benable (?:corepack|pnpm|yarn)\b/, technology: 'node' },
    ],
    [
      /(?:^|[: ])enable: (?:\S{1,60}: )?not a shell builtin/,
      'the words of the command are swapped: it is corepack enable, not enable corepack',
      'Write `corepack enable` in the RUN line (in images of Node.js 25 and newer after `npm install -g corepack`), with packageManager in package.json for the version.',
      { when: /\benable (?:corepack|pnpm|yarn)\b/, technology: 'node' },
    ],
    [
      /\[: (?:[=!<>]{1,2}|-\w{2}|\S{1,40}): (?:unary operator expected|unexpected operator|argument expected|integer expression expected)|\[: too many arguments/,
      'a test in the shell script has an empty variable, or one with spaces, so that a side of the comparison is missing',
      'Set the variable in that stage (ARG behind FROM and the input `build-args`, ENV), and write it in quotes in the script ([ "$NAME" = value ]; == is of bash alone).',
    ],
    [
      /^(?:.{0,40}: )?(?:\d{1,3}: |line \d{1,3}: )?(?<name>[\w.+-]{1,40} [\w.+ -]{1,60}): (?:command )?not found$/,
      'the command stands in quotes, so that the shell takes "{name}" with its spaces as the name of one program',
      'Leave the quotes out: RUN {name}.',
      { unless: /exec: "/ },
    ],
    [
      new RegExp(`(?:^|[: ])(?<name>${BASHISMS}): not found`),
      '{name} is a command of bash, and the step runs in sh',
      [
        'Write SHELL ["/bin/bash", "-c"] before it in the Dockerfile',
        { examples: [{ for: 'alpine', words: 'on Alpine install bash first' }] },
        ', or use what sh has: `.` for source, [ for [[.',
      ],
    ],
    [
      /[Ii]llegal option -o pipefail|set: Illegal option|Bad substitution|bad substitution|Syntax error: (?:"\(" unexpected|redirection unexpected|Bad for loop)/,
      'the command is written for bash, and the step runs in sh (dash)',
      [
        'Write SHELL ["/bin/bash", "-o", "pipefail", "-c"] before it in the Dockerfile',
        { examples: [{ for: 'alpine', words: 'on Alpine install bash first' }] },
        '.',
      ],
    ],
    [
      /^(?<name>\/?[\w./-]{1,150}): (?:line )?\d{1,6}: (?:[Ss]yntax error.{0,60}[`'"]?(?:<'?$|newline)|.{0,20}<(?:!DOCTYPE|!doctype|html|HTML|\?xml)\b)/,
      'the script {name} that was downloaded is a page of HTML, as a server sends it for an error, a login or a country that it does not serve',
      'Open that URL from the network of the runner and correct it, or take the program from a package, a release or an image (COPY --from). curl -f does not notice it, as the answer has the status 200.',
      { when: /<(?:!DOCTYPE|!doctype|html|HTML|\?xml)\b/ },
    ],
    [
      /(?<name>\/var\/run\/docker\.sock)['"]?: No such file/,
      'there is no socket of Docker while an image is built: {name} comes into a container only when it runs',
      'Remove that command from the Dockerfile. Where the container needs the socket, mount it when it runs, and give the user its group there.',
    ],
    [
      /(?:Syntax error: |syntax error[: ]{1,2}|unexpected )(?:.{0,20}Unterminated quoted string|unterminated quoted string|end of file unexpected|unexpected end of file|EOF while looking for matching)|here-document .{0,60}delimited by end-of-file/i,
      'the shell command of the RUN is cut: a quote, `then`, `fi` or `done` is missing, or a line does not end with \\',
      'Close it: each line of a RUN but the last ends with \\ (no spaces or comment behind it); long scripts belong into a file or a heredoc (RUN <<EOF, `# syntax=docker/dockerfile:1`).',
    ],
    [
      /Syntax error: "(?<name>&&|\|\||;{1,2}|\||then|do|done|fi|else|elif|esac|\}|\))" unexpected|syntax error near unexpected token ['"`](?<name2>[^'"`]{1,10})/,
      'the shell command of the RUN has {name} where none can stand',
      'Look at the lines before it in the RUN: an empty line, a comment or a word RUN between them, a doubled &&, a missing ; or if. Each line but the last ends with \\.',
    ],
    [
      /(?:^|[ :/])(?<name>useradd|usermod|userdel|groupadd|groupmod|chpasswd): (?:command )?not found/,
      'the base image has no {name}: it is Alpine (BusyBox), whose commands are adduser and addgroup, or an image without the package shadow',
      'On Alpine write addgroup -S GROUP && adduser -S -D -G GROUP NAME, or install it before (apk add --no-cache shadow). In minimal images of Red Hat and Amazon Linux install shadow-utils.',
      { technology: 'alpine' },
    ],
    [
      /(?:^|[ :/])(?<name>adduser|addgroup): (?:command )?not found/,
      'the base image has no {name}: slim images of Debian 13 and newer, Red Hat and Amazon Linux do not have it',
      'Write groupadd -r GROUP && useradd -r -m -g GROUP NAME (package passwd on Debian, shadow-utils on Red Hat and Amazon Linux), or install adduser before.',
      { technology: 'debian' },
    ],
    [
      /Option (?<name>\w) is ambiguous \([\w, -]{1,120}\)|Unknown option: (?<name2>[DSGHu])\b|(?:adduser|addgroup): Only (?:one or two|root)/,
      'adduser or addgroup is called with an option of BusyBox (Alpine){ name}, and the base image is Debian or Ubuntu',
      'Write groupadd -r GROUP && useradd -r -m -g GROUP NAME (or adduser --system --group NAME), or use an -alpine base image.',
      { technology: ['alpine', 'debian'], when: /\badd(?:user|group)\b/ },
    ],
    [
      /^(?:adduser|addgroup): unrecognized option:? '?-{0,2}(?<name>[\w-]{1,30})/,
      'adduser or addgroup is called with an option of Debian ({name}), and the base image is Alpine (BusyBox)',
      'Write addgroup -S GROUP && adduser -S -D -G GROUP NAME (-D: no password, -g: the gecos text), or install the other commands (apk add --no-cache shadow) and use useradd.',
      { technology: ['alpine', 'debian'] },
    ],
    [
      /(?:groupadd|useradd|usermod|groupmod): invalid (?:group|user) ID '(?<name>[^']{0,60})'|(?:adduser|addgroup): invalid number '(?<name2>[^']{0,60})'/,
      'the id that the step gives a user or group is no number ("{name}"): as a rule a variable in the command is empty, so that the next word took its place',
      'Pass the build argument with the input `build-args`, and declare it in that stage with a default (ARG NAME=1000 behind FROM).',
    ],
    [
      /^(?:.{0,30}: )?(?:\d{1,3}: |line \d{1,3}: )?(?<name>sudo): (?:command )?not found/,
      'sudo is not in the image, and a build needs none: RUN runs as root unless USER says otherwise',
      'Remove sudo from the RUN line; where USER is set before, put that step in front of it.',
    ],
    [
      /(?<name>systemctl|service|initctl|rc-service): (?:command )?not found|System has not been booted with systemd/,
      'there is no init system (systemd) in a build: services cannot be started',
      'Remove the command; start the program with CMD or ENTRYPOINT when the container runs.',
    ],
    [
      /(?<name>docker): (?:command )?not found|Cannot connect to the Docker daemon|dial unix \/var\/run\/docker\.sock/,
      'the step calls Docker, and there is no Docker inside a build',
      'Do that in a step of the workflow outside of the Dockerfile; tests with containers (Testcontainers) belong into the job, not into the image.',
    ],
    [
      /apt(?:-get)?: (?:command )?not found/,
      'apt-get is not in the base image: it is not Debian or Ubuntu, or a hardened image without a package manager',
      'Use the package manager of the base image: apk add --no-cache on Alpine, dnf or microdnf on Amazon Linux, Fedora and Red Hat; names of packages differ.',
      { technology: ['debian', 'alpine'] },
    ],
    [
      /(?<name>apk): (?:command )?not found/,
      'apk is not in the base image: it is not Alpine, or a hardened image without a package manager',
      'Look at what it is (docker run --rm IMAGE cat /etc/os-release). Use apt-get update && apt-get install -y on Debian and Ubuntu (names of packages differ), or an -alpine variant of the base image.',
      { technology: ['alpine', 'debian'] },
    ],
    [
      /(?<name>yum|dnf|microdnf): (?:command )?not found/,
      '{name} is not in the base image',
      'Use the package manager that it has: microdnf or dnf in minimal images of Red Hat and Amazon Linux, apt-get on Debian, apk on Alpine.',
      { technology: ['debian', 'alpine'] },
    ],
    [
      /can't execute '(?<name>bash)'|exec: "(?:\/bin\/)?(?<name2>bash)":|env: ['‘]?(?<name3>bash|python3?|node|ruby|perl)['’]?: No such file/,
      'the interpreter {name} is not in the base image',
      [
        'Install it in that stage',
        { examples: [{ for: 'alpine', words: 'on Alpine apk add {name}' }] },
        ', or call the script with one that is there (sh).',
      ],
    ],
    [
      /Read-only file system/,
      'the step writes to a folder that is mounted read-only (RUN --mount=type=bind)',
      'Write to another folder, or add rw to the mount (RUN --mount=type=bind,source=.,target=.,rw): what is written is not kept.',
    ],
    [
      /Device or resource busy/,
      'the step removes or renames a folder that is a mount of that RUN (a cache or bind mount, /etc/resolv.conf, /etc/hosts)',
      'Remove only the content of the folder, or do it in a RUN without that mount.',
    ],
    [
      /mount: .{0,60}(?:permission denied|Operation not permitted)|sysctl: .{0,80}(?:permission denied|Read-only)|modprobe(?! fuse' first)|unshare|bwrap: .{0,60}(?:not permitted|denied)|clone: Operation not permitted/i,
      'the step needs rights over the kernel that a build does not give',
      'Move it out of the build (to the host or the start of the container); where it must be, RUN --security=insecure with a builder that allows security.insecure.',
    ],
    [
      /(?:cd:? ).{0,40}?(?:can't cd to (?<name>\S{1,200})|(?<name2>\S{1,200}): No such file or directory)/,
      'the folder {name} is not in that stage',
      'COPY or make it before the step (WORKDIR makes a folder, too), and check that the path is that of the image, not of your machine.',
    ],
    [
      /(?:cannot create directory|cannot touch|cannot open|can't create|cannot remove|mkdir: can't create directory) ['‘"]?(?<name>[^'’":]{1,200})['’"]?: Permission denied/,
      'the user of that stage may not write {name}',
      'Put USER behind that step, or give the folder to the user first (COPY --chown, RUN chown) in the Dockerfile.',
    ],
    [
      /(?:cannot stat|cannot access|can't stat|can't open) ['‘"]?(?<name>[^'’":]{1,200})['’"]?: No such file|(?:cp|mv|chmod|chown|cat|ls|rm|tar|sed|ln|grep|find): (?:can't \w{1,10} )?['‘"]?(?<name2>[\w./@*+-]{1,200})['’"]?: No such file/,
      'the file {name} is not in that stage',
      ({ name, name2 }) => (isResult(name ?? name2) ? RESULT : COPY_BEFORE),
    ],
  ],
};

/** Docker-, kernel- and emulation errors that stand in place of the step's own. */
/** A CR that a shell shows in a script: what other tools print behind it follows from that. */
export const LINE_ENDS: Tool = {
  form: /\\r'|set: (?:-\r|Illegal option -$)/m,
  rows: [
    [
      /\$'[^'\n]{0,200}\\r': \w|\bset: (?:-\r: |Illegal option -$)/,
      'a script has Windows line ends (CRLF): the CR at the end of each line became a part of its commands and paths',
      CRLF,
    ],
  ],
};

/** A command that got nothing to work on, where no other error is printed: xargs without input prints the same and continues. */
export const OPERANDS: Tool = {
  form: /missing (?:destination )?(?:file )?operand/,
  rows: [
    [
      /^(?:\S{1,120}: )?(?<name>mkdir|cp|mv|chown|chmod|chgrp|ln|touch|rm|rmdir|dirname|basename|install): missing (?:destination )?(?:file )?operand/,
      '{name} was called without the file or folder that it needs: as a rule a variable in the command is empty',
      'Declare that variable in the stage of the step (ARG NAME behind its FROM, or ENV), and pass it with the input `build-args`. In a script set -eu ends it with the name of a variable that is not set.',
      { unless: /\berror\b|\bfail|\bunable\b|not found|No such|denied/i },
    ],
  ],
};

export const EMULATION: Tool = {
  technology: 'emulation',
  form: /exec|runc|qemu|container process|emulator|OCI/i,
  rows: [
    [
      /exec (?<name>\/\S{1,100}): exec format error|exec format error|Exec format error|\.buildkit_qemu_emulator|Invalid ELF image/,
      'a program of another CPU architecture{ name} was started (exec format error), and the builder has no working emulator (QEMU) for it',
      'Add docker/setup-qemu-action before the build (binfmt), build each platform on a native runner (ubuntu-24.04-arm for linux/arm64), or cross-compile in a stage FROM --platform=$BUILDPLATFORM.',
      { rule: 'build-emulation-missing' },
    ],
    [
      /qemu: uncaught target signal|qemu-\w{1,20}: |Illegal instruction.{0,20}core dumped|unsupported syscall/i,
      'the program crashed under emulation of another CPU architecture',
      'Build that platform on a native runner (ubuntu-24.04-arm), cross-compile in a stage FROM --platform=$BUILDPLATFORM, or update the emulator (QEMU).',
    ],
    [
      /exec: "(?<name>[^"\s]{1,100} [^"]{1,300})": (?:stat [^\n]{1,300}?: )?(?:executable file not found|no such file|not found)/i,
      'RUN in its array form takes {name} as the name of one program',
      ({ name = '' }) =>
        `Write each argument as an element of its own: RUN ${JSON.stringify(name.split(/\s+/))}, or leave the array out: RUN ${name}.`,
    ],
    [
      /^(?:.{0,40}: )?exec (?<name>\/[\w./+-]{1,150}): no such file or directory/,
      'the kernel cannot start {name}: the file is not there, or the loader or interpreter that it names is not (a program for glibc in an Alpine image, a script whose #! line ends with CR)',
      [
        'Where the file is copied in, use a base image with the libc that it was built for',
        { examples: [{ for: 'debian', words: 'Debian for glibc' }] },
        ', or build it statically',
        { examples: [{ for: 'go', words: 'CGO_ENABLED=0' }, 'musl target'] },
        '; for a script check its first line.',
      ],
      { technology: ['alpine', 'native'] },
    ],
    [
      /exec: "(?<name>\/bin\/\w{1,8})": stat \/bin\/\w{1,8}: no such file/i,
      'the image of that stage has no shell ({name}), as scratch and distroless images do not',
      'Run the command in an earlier stage whose base image has a shell and COPY --from its result, or use the -debug variant of the base image.',
    ],
  ],
};

/**
 * The system refuses what the tools of a step ask for, whatever they conclude from it below: a seccomp profile that is
 * older than the C library of the image answers new system calls (faccessat2, clone3) with EPERM.
 */
export const REFUSED: Tool = {
  form: /Operation not permitted/,
  rows: [
    [
      /^(?:\S{1,80}: )??(?:line \d{1,6}: )?(?:make(?:\[\d{1,3}\])?|(?:\/bin\/)?(?:ba|da|a)?sh|env|exec|posix_spawn|vfork|fork|clone3?|g?cc|g\+\+|c\+\+)(?:: (?:line \d{1,6}: )?(?:exec: )?(?<name>[\w./+-]{1,100}))?: (?:exec: )?Operation not permitted$/,
      'the system refused to start a program{ name} (Operation not permitted): it is there, and the security profile (seccomp) or an old version of Docker on the builder denies a system call of the base image',
      'Update Docker, runc and libseccomp on the builder, or use a hosted runner; until then an older release of the base image works. Installing the program again does not help.',
    ],
  ],
};

export const SYSTEM: readonly Tool[] = [APT, APK, YUM, GIT, DOWNLOAD, SHELL];
