/** .NET: the host, ASP.NET Core and its libraries. */
import { isA, type Row, rowsOf } from './row.ts';

export const DOTNET: readonly Row[] = rowsOf('dotnet', [
  {
    kind: 'port-privileged',
    form: /UvException: Error -13 EACCES|SocketException(?: \(13\)|[^\n]{0,40}): Permission denied/,
    near: /Unable to start Kestrel|AddressBinder|Failed to bind to address/,
    not: /\/[\w.-]{1,80}\.sock/,
    cause:
      'Kestrel in the container{container} may not listen on its port: the image runs as another user than root, who may not use ports below 1024 (80, where neither ASPNETCORE_URLS nor ASPNETCORE_HTTP_PORTS is set in older images): {line}',
    remedy:
      'Set ASPNETCORE_HTTP_PORTS=8080 in `environment` (before .NET 8 ASPNETCORE_URLS=http://+:8080), and use 8080 as containerPort and in the target group. Otherwise run the container as root (`user`).',
  },
  {
    kind: 'stated',
    form: /Failed to create CoreCLR, HRESULT: 0x8000(?:4005|70057)\b/,
    cause:
      'The runtime of .NET in the container{container} could not be created: at its start it writes to /tmp (diagnostics), which the container may not do with readonlyRootFilesystem or a full disk; too little memory looks the same.',
    remedy:
      'With readonlyRootFilesystem mount a writable volume at /tmp, or set DOTNET_EnableDiagnostics=0 (before .NET 6 COMPlus_EnableDiagnostics=0) in `environment`. Where the file system is writable, give the container more memory.',
  },
  {
    kind: 'dependency-conflict',
    form: /Could not load file or assembly '(?<name>[\w.-]{1,120}), Version=(?<version>[\d.]{1,20})[^\n]{0,160}The located assembly's manifest definition does not match/,
    cause:
      'The assembly {name} in the image of the container{container} is of another version than {version}, with which the application was built.',
    remedy:
      'Publish into an empty folder (no bin and obj from the context: .dockerignore) and copy the whole output; let all projects use one version of that package, and a runtime image of the version that the project targets.',
  },
  {
    kind: 'stated',
    form: /Could not find ['"]UserSecretsIdAttribute['"] on assembly/,
    cause: '{who} loads user secrets, a store of the developer machine, in the container{at}.',
    remedy:
      'Call AddUserSecrets in the Development environment only, and do not set ASPNETCORE_ENVIRONMENT to Development; the values come from `secrets` as variables (Section__Name).',
  },
  {
    kind: 'entry-missing',
    form: /The application ['"](?<path>[^'"\n]{1,200})['"] does not exist/,
    cause: 'The container{container} is started with dotnet {path}, which is not in the folder in which it starts.',
    remedy:
      'Compare the name in ENTRYPOINT or `command` with the dll of the published output (letter case counts), and WORKDIR with the folder that COPY --from=build puts it into.',
  },
  isA(
    'https-certificate',
    /Unable to configure HTTPS endpoint\. No server certificate|default developer certificate could not be found|developer certificate is in an invalid state/,
  ),
  {
    kind: 'key-wrong',
    form: /The certificate data cannot be read with the provided password|CryptographicException: The password may be incorrect|The specified network password is not correct/,
    cause: 'The password that the application{container} has for its certificate (.pfx) does not open it.',
    remedy:
      'Set the right one in `secrets` (for Kestrel ASPNETCORE_Kestrel__Certificates__Default__Password), without a line end; or let the load balancer end TLS and listen on HTTP only (ASPNETCORE_HTTP_PORTS=8080).',
  },
  {
    kind: 'own-fault',
    form: /No database provider has been configured for this DbContext/,
    cause:
      'EF Core has no database provider for the context of the application{container}: AddDbContext does not call one (UseNpgsql, UseSqlServer).',
    remedy:
      'Call it in AddDbContext with the connection string of the configuration. Where that depends on a setting or on ASPNETCORE_ENVIRONMENT, set it in `environment` or `secrets`.',
  },
  {
    kind: 'url-invalid',
    form: /The keyword ['"](?<name>[\w ]{2,60})['"] is not supported on this platform/i,
    cause:
      'The connection string of the application{container} has the keyword "{name}", which the client has on Windows only.',
    remedy:
      'Remove it from the connection string in `secrets` or `environment`. "Integrated Security" (Windows login) does not work in a Linux container: give User Id and Password of a SQL login instead.',
  },
  {
    kind: 'stated',
    technology: 'alpine',
    form: /Internal connection fatal error\.\n(?:[^\n]{0,400}\n){0,12}[^\n]{0,200}ThrowUnsupportedCollationEncountered|Globalization Invariant Mode is not supported|CultureNotFoundException: Only the invariant culture/,
    cause:
      '.NET in the container{container} runs without culture data (invariant globalization, as Alpine images set it), and the client of SQL Server needs it for collations.',
    remedy: [
      'Install icu-libs in the final stage',
      { examples: [{ for: 'debian', words: 'on Debian libicu' }] },
      ' and set DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=false in `environment`, or use a base image that has ICU.',
    ],
  },
  {
    kind: 'runtime-mismatch',
    form: /PlatformNotSupportedException: (?<reason>.{1,160})/,
    cause: '{who} uses a part of .NET that Linux does not have: {reason}',
    remedy: 'Replace it with one that works on Linux, or guard it with OperatingSystem.IsWindows().',
  },
  {
    kind: 'variable-missing',
    form: /No connection string named ['"](?<name>[\w.-]{1,80})['"] (?:could be|was) found/,
    cause: 'The configuration of the application{container} has no connection string {name}.',
    remedy:
      'Set ConnectionStrings__{name} in `secrets` (input `secrets`); appsettings files of your machine are not in the image.',
  },
  {
    kind: 'setting-invalid',
    form: /OptionsValidationException: (?:DataAnnotation validation failed for )?['"]?(?<name>[\w.]{1,80})['"]?(?: members: ['"](?<member>[\w.,: ]{1,80})['"])?/,
    cause: '{who} does not accept its settings {name}{: member}: {line}',
    remedy:
      'Set that entry in `environment` or `secrets` with two underscores between section and name (Section__Name), as the options class wants it.',
  },
  {
    kind: 'own-fault',
    form: /(?:Unable to resolve|No) service for type ['"](?<name>[\w.`[\]<>,]{1,200})['"]/,
    cause: 'The application{container} does not register a service of the type {name}, which it asks for.',
    remedy:
      'Add it in Program.cs (builder.Services.Add...), also for the environment that the container runs in (ASPNETCORE_ENVIRONMENT).',
  },
  {
    kind: 'file-missing',
    form: /configuration file ['"](?<path>[^'"\n]{1,200})['"] was not found and is not optional/,
    cause: '{who} needs {path}, which is not in the container.',
    remedy:
      'Let the project publish that file (CopyToOutputDirectory) and COPY it beside the dll, with WORKDIR as the folder it is looked for in, or mark it as optional. File names are case-sensitive on Linux.',
  },
  {
    kind: 'configuration-invalid',
    form: /Failed to load configuration from file ['"](?<path>[^'"\n]{1,200})|JsonReaderException: (?<reason>.{1,160})/,
    cause: '{who} cannot read its configuration or data as JSON{ (path)}: {line}',
    remedy: 'Correct the JSON of that file or value (no comma at the end, straight quotes).',
  },
  {
    kind: 'variable-missing',
    form: /Value cannot be null\. \(Parameter ['"](?<name>connectionString|uriString|configuration|address|endpoint|connection|url)['"]\)|ConnectionString property has not been initialized|Host can't be null/,
    cause:
      'A setting of the application{container} is null (its {name|connection string}): the configuration has no such entry in the container.',
    remedy:
      'Set it in `secrets` or `environment` with two underscores for the colon (ConnectionStrings__DefaultConnection), spelled as the code reads it.',
  },
  {
    kind: 'url-invalid',
    form: /Format of the initialization string does not conform|Keyword not supported: ['"](?<name>[^'"\n]{1,60})|Couldn't set (?<name2>[\w ]{1,40}) \(Parameter/,
    cause: '{who} was given a connection string that its driver cannot read{ (name)}: {line}',
    remedy:
      'Write it in the form of that driver (Server=HOST;Database=NAME;User Id=USER;Password=...; for Npgsql Host=HOST;Username=USER), without quotes, in `secrets`.',
  },
  {
    kind: 'port-in-use',
    form: /Failed to bind to address (?<url>https?:\/\/\S{1,80}): address already in use/,
    cause: 'Another program of the task uses the address {url} already.',
    remedy: 'Give each container of the task its own port (ASPNETCORE_HTTP_PORTS), and start the server once.',
  },
  {
    kind: 'runtime-mismatch',
    form: /You must install or update \.NET to run this application|It was not possible to find any compatible framework version/,
    cause: 'The image of the container{container} lacks the .NET runtime that the application targets.',
    remedy:
      'Use the runtime base image of the version that the project targets (mcr.microsoft.com/dotnet/aspnet:VERSION; aspnet, not runtime, for ASP.NET Core), or publish self-contained.',
  },
  {
    kind: 'runtime-mismatch',
    form: /find a valid ICU package|Only the invariant culture is supported in globalization-invariant mode|CultureNotFoundException/,
    cause: '{who} needs data of cultures (ICU), which the image does not have or has turned off.',
    remedy: [
      'Install icu-libs',
      { examples: [{ for: 'alpine', words: 'Alpine' }] },
      ' or libicu in the final stage and set DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=false, or run without cultures (=true) if the application needs none.',
    ],
  },
  {
    kind: 'runtime-mismatch',
    form: /System\.Drawing\.Common is not supported|The type initializer for 'Gdip' threw|libgdiplus/,
    cause: '{who} uses System.Drawing, which Linux does not have (.NET 7 and newer) or only with libgdiplus.',
    remedy: 'Replace it (SkiaSharp, ImageSharp), or on .NET 6 install libgdiplus in the final stage.',
  },
  {
    kind: 'runtime-mismatch',
    technology: 'native',
    form: /Unable to load shared library ['"](?<name>[\w.+-]{1,80})['"]|DllNotFoundException: .{0,60}['"](?<name2>[\w.+-]{1,80})['"]/,
    cause:
      '{who} needs the native library {name|that the line names}, which the image does not have (or not for its architecture or libc).',
    remedy:
      'Install it in the final stage, or add the package with its Linux assets (SkiaSharp.NativeAssets.Linux.NoDependencies, libgdiplus) and publish for linux-x64, linux-arm64 or linux-musl.',
  },
  isA('runtime-mismatch', /BadImageFormatException/),
]);
