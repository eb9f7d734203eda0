import { of } from '../say.ts';
import { AGAIN_NETWORK, TOKEN, type Tool } from './tool.ts';

const FEED = of(
  'dotnet',
  `Mount a NuGet.config with its credentials as ${TOKEN} (or VSS_NUGET_EXTERNAL_FEED_ENDPOINTS for Azure Artifacts).`,
);

/** The .NET SDK, by its codes: https://learn.microsoft.com/en-us/nuget/reference/errors-and-warnings, /dotnet/core/tools/sdk-errors */
const SDK: Tool = {
  technology: 'dotnet',
  form: /\b(?:NU|MSB|NETSDK|CS|FS|BC|IL|BLAZOR|ASPNET)\d{3,5}\b|\bdotnet\b|\.NET|NuGet|Response status code/i,
  rows: [
    [
      /error MSB6006: "(?<name>[\w.-]{1,60}\.sh)" exited with code 127\b/,
      'the script {name}, which the SDK runs, calls a program that is not in that stage (exit code 127): as a rule its shell, bash',
      [
        'Install bash in that stage before the step',
        { examples: [{ for: 'alpine', words: 'apk add --no-cache bash' }] },
        ', or use an SDK image that has it.',
      ],
    ],
    [
      /The RuntimeIdentifier '(?<name>[\w.-]{1,60})' is not supported by (?<image>[\w./:-]{2,120}\w)/,
      'the base image {image} has no variant for the runtime identifier {name}, as this version of the SDK maps them',
      'Publish for one of the identifiers that the message lists (ContainerRuntimeIdentifier), or update the SDK and its container package, which know more of them.',
    ],
    [
      /error NETSDK1064: Package (?<name>[\w.-]{1,120}), version (?<need>[\w.+-]{1,40}) was not found/,
      'the package {name} {need} of the restore is not in that stage: obj/ of your machine was copied over what dotnet restore wrote there, or the restore was for another architecture or project',
      'Put bin/ and obj/ (as **/bin and **/obj) into .dockerignore, and give dotnet restore the same architecture and options as dotnet publish; or leave --no-restore out.',
    ],
    [
      /error NU1301.{0,300}(?:\b40[13]\b|Unauthorized|Forbidden)|Response status code does not indicate success: 40[13]/,
      'the NuGet feed refused the login (401 or 403)',
      FEED,
    ],
    [
      /error NU1301: (?:The local source '(?<name>[^']{1,200})' doesn't exist)/,
      'NuGet.config names the local folder {name} as a package source, and it is not in that stage',
      'COPY that folder before dotnet restore, or take the source out of NuGet.config for the build of the image.',
    ],
    [
      /(?:No such host is known|Name or service not known|Temporary failure in name resolution|nodename nor servname provided)(?: \((?<name>[\w.-]{1,120}:\d{1,5})\))?/,
      'NuGet could not resolve the name of its feed{ name} (DNS of the runner or proxy)',
      AGAIN_NETWORK,
      { rule: 'build-network', when: /\bNU1301\b|service index/ },
    ],
    [
      /error NU1301: .{0,120}?(?<name>https?:\/\/[^\s'",]{1,200}[^\s'",.])|Unable to load the service index for source (?<name2>https?:\/\/[^\s'",]{1,200}[^\s'",.])/,
      'NuGet could not read the feed {name}: it did not answer, or asks for a login',
      `Run the job again; where it is a private feed, give its login: ${FEED}`,
    ],
    [
      /error NU1101: Unable to find package (?<name>[\w.-]{0,120}[\w-])/,
      'no feed that NuGet asks has a package {name}',
      `Correct its name. If it is on a private feed, COPY NuGet.config before dotnet restore and give the login: ${FEED}`,
    ],
    [
      /error NU110[23]: Unable to find (?:a stable )?package (?<name>[\w.-]{1,120})/,
      'the feeds have {name}, but not in the version that is asked for',
      'Correct the version in the project (the line names the nearest one), or add the feed that has it to NuGet.config.',
    ],
    [
      /error NU1100: Unable to resolve '(?<name>[^']{1,120})'/,
      'NuGet cannot resolve {name}: no source of NuGet.config may answer for it (packageSourceMapping) or has it',
      'COPY NuGet.config before dotnet restore and correct its sources and packageSourceMapping.',
    ],
    [
      /error NU1(?:004|009)\b/,
      'packages.lock.json (lock file) does not fit the project, and restore runs in locked mode',
      'Run dotnet restore --force-evaluate on your machine with the same SDK and commit packages.lock.json; COPY it before dotnet restore --locked-mode.',
    ],
    [
      /error NU1403\b/,
      'a downloaded package is not the one that packages.lock.json has the checksum of',
      'Run the job again without cache. If it stays, the package was published again: write packages.lock.json again (dotnet restore --force-evaluate).',
    ],
    [
      /error MSB4019: The imported project "(?<name>[^"\n]{1,250}\/Directory\.[\w.]{1,40}|\/(?!usr\/)[^"\n]{1,250}\.props)" was not found/,
      'a project imports {name}, which is not in that stage',
      'COPY that file to the same place before the step (Directory.Build.props and Directory.Packages.props belong to the root of the stage), and check .dockerignore and letter case.',
    ],
    [
      /error NU10(?:08|10|11|15)\b/,
      'the versions of packages are not where NuGet looks for them: Directory.Packages.props (central package management) is missing or contradicts the project',
      'COPY Directory.Packages.props and Directory.Build.props to the root of the stage before dotnet restore; with it a PackageReference has no Version.',
    ],
    [
      /error NU1202: Package (?<name>[\w.-]{1,120}).{0,20}is not compatible with (?<target>[\w.]{1,30})/,
      '{name} does not support {target}',
      'Use a version of the package for that framework, or raise TargetFramework with the matching SDK base image.',
    ],
    [
      /error NU1(?:605|107|608)\b/,
      'packages ask for versions that contradict each other (a downgrade or a conflict)',
      'Reference the higher version that the line names directly in the project.',
    ],
    [
      /error NU190\d: .{0,60}?[Pp]ackage '(?<name>[\w.-]{1,120})'/,
      'a package ({name}) has a known vulnerability, and warnings are treated as errors',
      'Upgrade that package; or leave the audit out of TreatWarningsAsErrors (WarningsNotAsErrors NU1901;NU1902;NU1903;NU1904).',
    ],
    [
      /error NETSDK1047.{0,200}?'(?<name>[\w.]{1,20}\/[\w.-]{1,30})'|error NETSDK1047/,
      'the project was restored without the runtime that it is published for ({name|a runtime identifier})',
      'Give dotnet restore the same -r as dotnet publish (or drop --no-restore), and set RuntimeIdentifiers.',
    ],
    [
      /error\s?:? NETSDK1056: .{0,60}runtime '(?<name>[\w.-]{1,60})'|error\s?:? NETSDK1083: .{0,60}RuntimeIdentifier '(?<name2>[\w.-]{1,60})'/,
      'this .NET SDK does not know the runtime identifier {name}',
      [
        'Publish for the portable identifier of that platform (-r linux-x64 or linux-arm64',
        { for: 'alpine', words: ', for Alpine linux-musl-x64 or linux-musl-arm64' },
        '), without a distribution and its version in it; a tool that takes that of the machine needs it given (--runtime, --target-runtime). Otherwise use an SDK that is as new as the base image.',
      ],
      { technology: 'alpine' },
    ],
    [
      /error NETSDK1064: Package (?<name>[\w.-]{1,120})/,
      'the package {name} was restored elsewhere and is not in that stage',
      'Leave bin and obj out with .dockerignore, and run dotnet restore in the same stage (drop --no-restore).',
    ],
    [
      /error NETSDK1100\b/,
      'the project targets Windows and is built on Linux',
      'Set EnableWindowsTargeting to true in the project, or target net8.0 without -windows.',
    ],
    [
      /error NETSDK1147\b/,
      'the project needs a workload of the SDK that is not in that stage',
      'Run dotnet workload restore (or install) in that stage before the build.',
    ],
    [
      /error NETSDK1194\b|The --output option isn't supported when building a solution/,
      'dotnet cannot publish a whole solution into one folder with --output',
      'Name the project (.csproj) to publish in the RUN line instead of the solution.',
    ],
    [
      /error NETSDK1152\b/,
      'two projects put a file of the same name into the published output',
      'Take one of the files out of the output (CopyToPublishDirectory Never), or set ErrorOnDuplicatePublishOutputFiles to false.',
    ],
    [
      /error MSB4181: The "(?<name>RestoreTask|[\w.]{1,60})" task returned false but did not log an error/,
      'the task {name} of MSBuild failed without a reason of its own in these lines',
      'Run the step with -v detailed: the lines before then name the feed or package. As a rule a private feed refused the login (a token as build secret), or the network broke off: let it retry (dotnet restore --disable-parallel).',
      { unless: /error (?:NU|CS|NETSDK)\d|MSB(?!4181)\d{4}/ },
    ],
    [
      /error MSB4186\b/,
      'MSBuild evaluates a path that is empty: files of another machine (obj/ with project.assets.json) were copied over what the restore wrote in that stage',
      'Put **/bin and **/obj into .dockerignore, and run dotnet restore in that stage before the step.',
    ],
    [
      /MSB1025: An internal failure|error MSB40(?:18|28): .{0,200}Object reference not set|InvokeStub_\w{1,60}\.|NodeFailedToLaunchException/,
      'MSBuild itself failed, not the project',
      'Use another release of the SDK image, build each platform on a runner of its own architecture, and leave out its helper processes (dotnet publish -m:1 -nodeReuse:false -p:UseSharedCompilation=false).',
    ],
    [
      /error (?:MSB3552|CS2001): (?:Resource|Source) file ["'][^"'\n]{0,100}\*\*[/\\]\*\.\w{2,5}["'] c(?:annot|ould not) be found\.(?: \[(?<name>\/[\w.-]{1,100}proj)\])?/,
      'MSBuild could not search the folder of the project{ name} for files and took its pattern (**) as a name: as a rule the project stands in the root folder of the image, and the search runs through the whole file system',
      'Set WORKDIR (WORKDIR /src) before the project is copied, and publish it there. No file of that kind has to be added; in another folder look for one below it that cannot be read, or a path that is too long.',
    ],
    [
      /error MSB1003\b/,
      'there is no project or solution in the working directory of that stage',
      'COPY the .csproj or .sln there (check .dockerignore), set WORKDIR to its folder, or name the project in the RUN line.',
    ],
    [
      /error MSB1011\b/,
      'the folder has more than one project or solution',
      'Name the one to build in the RUN line (dotnet publish src/App/App.csproj).',
    ],
    [
      /error MSB3644\b/,
      'the project targets .NET Framework, which only builds on Windows',
      'Target a current .NET (net8.0), or add the package Microsoft.NETFramework.ReferenceAssemblies for a library.',
    ],
    [
      /error MSB3073: The command "(?<name>[^"]{1,100})" exited with code (?<code>\d{1,5})/,
      'a command of the project (`{name}`) failed with exit code {code}',
      [
        'Read the lines above it.',
        {
          for: 'node',
          words:
            ' Exit code 127 means that the program is not in that stage: the .NET SDK image has no Node.js, so install it or build the front end in a node: stage.',
        },
      ],
    ],
    [
      /\.dcproj\b.{0,80}error MSB4236|error MSB4236: The SDK '(?<name>Microsoft\.Docker\.Sdk)'|error MSB(?:3202|1009).{0,40}"(?<name2>[^"\n]{1,150}\.dcproj)"/,
      'the solution contains the project of Docker Compose ({name|docker-compose.dcproj}), which only Visual Studio can load',
      'Restore and publish the project that is built (dotnet restore src/NAME/NAME.csproj) instead of the solution, or take the .dcproj out of the solution.',
    ],
    [
      /error MSB4057: The target "(?<name>[^"\n]{1,80})" does not exist in the project/,
      'the project has no target {name}: it is not in the SDK style, or the SDK of the base image is older than the project',
      'Use the SDK base image of the version that the project is written for (<Project Sdk="Microsoft.NET.Sdk">), or correct the target (-t:) in the RUN line.',
    ],
    [
      /error MSB4236: The SDK '(?<name>[^']{1,100})'/,
      'MSBuild did not find the SDK {name}',
      'Use an SDK base image that has it, and COPY global.json (msbuild-sdks) before dotnet restore.',
    ],
    [
      /error MSB3030: Could not copy the file "(?<name>[^"]{1,200})"/,
      'the file {name} that the project copies is not in that stage',
      'COPY it before the build, check .dockerignore and letter case.',
    ],
    [
      /current \.NET SDK does not support targeting (?<name>\.NET[ \w]{0,20}[\d.]{1,5})/,
      'the .NET SDK of the base image is older than the project targets ({name})',
      'Use the SDK base image of that version (FROM mcr.microsoft.com/dotnet/sdk:VERSION), or lower TargetFramework or global.json.',
    ],
    [
      /No \.NET SDKs were found|intended to execute a \.NET SDK command/,
      'the base image of that stage has only the runtime of .NET, and no SDK (or the program that dotnet should start is not there)',
      'Use mcr.microsoft.com/dotnet/sdk:VERSION for the build stage, and the aspnet or runtime image only for the last stage.',
    ],
    [
      /dotnet-(?<name>[\w-]{1,40}) does not exist|Could not execute because the specified command or file was not found/,
      'the dotnet command or tool{ name} is not in that stage',
      'Install it there (dotnet tool install -g NAME, or dotnet tool restore with .config/dotnet-tools.json) and put /root/.dotnet/tools into PATH.',
    ],
    [
      /error CS(?:0246|0234|0103): .{0,40}'(?<name>[\w.<>]{1,120})'/,
      'the C# compiler does not know {name}: its package, project or generated file is not in that stage',
      'Add the package or ProjectReference; COPY the project or file that defines it (.dockerignore, letter case), and restore before the build.',
    ],
    [
      /^(?<at>[\w./ -]{1,160}\(\d{1,6},\d{1,5}\))?\s?(?:CSC )?: error (?<name>(?!CS|FS|BC|MSB|NU|NETSDK|TS|VS)[A-Z]{2,12}\d{3,5}): (?<why>.{1,160}?)(?: \[|$)/,
      'a rule of a code analyzer is treated as an error: {name}{ at} ({why})',
      'Correct what it names, lower its severity in .editorconfig (dotnet_diagnostic.{name}.severity), or leave -warnaserror and TreatWarningsAsErrors out of the build of the image.',
    ],
    [
      /error CS5001\b/,
      'the program has no entry point: Program.cs is not in that stage or has no Main',
      'COPY the sources (Program.cs) before the build and check .dockerignore and WORKDIR; a library needs OutputType Library.',
    ],
  ],
};

export const DOTNET: readonly Tool[] = [SDK];
