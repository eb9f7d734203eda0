/**
 * Messages of the operating system (glibc), of PostgreSQL and of its clients in other languages, read as the English
 * ones that the rest knows. A container with a locale prints them, and a server with lc_messages of another language
 * sends them to every client. Where a line has the number of the error, the number says it in any language.
 */

/** glibc's sentence for an error number, and the same sentence in its catalogues of de, fr, es, pt, it, ru, zh, ja. */
const OF_THE_SYSTEM: readonly (readonly [errno: number | undefined, english: string, others: readonly string[]])[] = [
  [
    1,
    'Operation not permitted',
    [
      'Die Operation ist nicht erlaubt',
      'Opération non permise',
      'Operación no permitida',
      'Operação não permitida',
      'Operazione non permessa',
      'Операция не позволена',
      '不允许的操作',
      '許可されていない操作です',
    ],
  ],
  [
    2,
    'No such file or directory',
    [
      'Datei oder Verzeichnis nicht gefunden',
      'Aucun fichier ou dossier de ce type',
      'No existe el fichero o el directorio',
      'No existe el archivo o el directorio',
      'Arquivo ou diretório inexistente',
      'Arquivo ou diretório não encontrado',
      'Ficheiro ou pasta inexistente',
      'File o directory non esistente',
      'Нет такого файла или каталога',
      '没有那个文件或目录',
      'そのようなファイルやディレクトリはありません',
    ],
  ],
  [
    8,
    'Exec format error',
    [
      'Fehler im Format der Programmdatei',
      'Erreur de format pour exec()',
      'Formato de ejecutable incorrecto',
      'Erro no formato exec',
      'Formato eseguibile non valido',
      'Ошибка формата выполняемого файла',
      '可执行文件格式错误',
      '実行形式エラー',
    ],
  ],
  [
    11,
    'Resource temporarily unavailable',
    [
      'Die Ressource ist zur Zeit nicht verfügbar',
      'Ressource temporairement non disponible',
      'Recurso no disponible temporalmente',
      'Recurso temporariamente indisponível',
      'Risorsa temporaneamente non disponibile',
      'Ресурс временно недоступен',
      '资源暂时不可用',
      'リソースが一時的に利用できません',
    ],
  ],
  [
    12,
    'Cannot allocate memory',
    [
      'Nicht genügend Hauptspeicher verfügbar',
      'Ne peut allouer de la mémoire',
      'No se pudo asignar memoria',
      'Não foi possível alocar memória',
      'Impossibile allocare memoria',
      'Невозможно выделить память',
      '无法分配内存',
      'メモリを確保できません',
    ],
  ],
  [
    13,
    'Permission denied',
    [
      'Keine Berechtigung',
      'Permission non accordée',
      'Permiso denegado',
      'Permissão negada',
      'Permesso negato',
      'Отказано в доступе',
      '权限不够',
      '許可がありません',
    ],
  ],
  [
    24,
    'Too many open files',
    [
      'Zu viele offene Dateien',
      'Trop de fichiers ouverts',
      'Demasiados ficheros abiertos',
      'Muitos arquivos abertos',
      'Troppi file aperti',
      'Слишком много открытых файлов',
      '打开的文件过多',
      'ファイルを開きすぎです',
    ],
  ],
  [
    28,
    'No space left on device',
    [
      'Auf dem Gerät ist kein Speicherplatz mehr verfügbar',
      'Aucun espace disponible sur le périphérique',
      'No queda espacio en el dispositivo',
      'Não há espaço disponível no dispositivo',
      'Spazio esaurito sul device',
      'На устройстве не осталось свободного места',
      '设备上没有空间',
      'デバイスに空き領域がありません',
    ],
  ],
  [
    30,
    'Read-only file system',
    [
      'Das Dateisystem ist nur lesbar',
      'Système de fichiers accessible en lecture seulement',
      'Sistema de ficheros de sólo lectura',
      'Sistema de arquivos somente para leitura',
      'File system in sola lettura',
      'Файловая система доступна только для чтения',
      '只读文件系统',
      '読み込み専用ファイルシステムです',
    ],
  ],
  [
    98,
    'Address already in use',
    [
      'Die Adresse wird bereits verwendet',
      'Adresse déjà utilisée',
      'La dirección ya se está usando',
      'Endereço já em uso',
      'Indirizzo già in uso',
      'Адрес уже используется',
      '地址已在使用',
      'アドレスは既に使用中です',
    ],
  ],
  [
    99,
    'Cannot assign requested address',
    [
      'Die angeforderte Adresse kann nicht zugewiesen werden',
      "Ne peut attribuer l'adresse demandée",
      'No se puede asignar la dirección solicitada',
      'Não foi possível acessar o endereço requisitado',
      "Impossibile assegnare l'indirizzo richiesto",
      'Невозможно назначить запрошенный адрес',
      '无法指定被请求的地址',
      '要求アドレスに割り当てられません',
    ],
  ],
  [
    101,
    'Network is unreachable',
    [
      'Das Netzwerk ist nicht erreichbar',
      "Le réseau n'est pas accessible",
      'La red es inaccesible',
      'A rede está fora de alcance',
      'La rete non è raggiungibile',
      'Сеть недоступна',
      '网络不可达',
      'ネットワークに届きません',
    ],
  ],
  [
    104,
    'Connection reset by peer',
    [
      'Die Verbindung wurde vom Kommunikationspartner zurückgesetzt',
      'Connexion ré-initialisée par le correspondant',
      'Conexión reinicializada por la máquina remota',
      'Conexão fechada pela outra ponta',
      'Connessione interrotta dal corrispondente',
      'Соединение разорвано другой стороной',
      '连接被对方重设',
      '接続が相手からリセットされました',
    ],
  ],
  [
    110,
    'Connection timed out',
    [
      'Die Wartezeit für die Verbindung ist abgelaufen',
      "Connexion terminée par expiration du délai d'attente",
      'Expiró el tiempo de conexión',
      'Tempo esgotado para conexão',
      'Connessione scaduta',
      'Время ожидания соединения истекло',
      '连接超时',
      '接続がタイムアウトしました',
    ],
  ],
  [
    111,
    'Connection refused',
    [
      'Verbindungsaufbau abgelehnt',
      'Connexion refusée',
      'Conexión rehusada',
      'Conexão recusada',
      'Connessione rifiutata',
      'В соединении отказано',
      '拒绝连接',
      '接続を拒否されました',
    ],
  ],
  [
    113,
    'No route to host',
    [
      'Keine Route zum Zielrechner',
      "Aucun chemin d'accès pour atteindre l'hôte cible",
      'No existe ninguna ruta hasta el `host',
      'Não há rota para o host',
      "Nessun instradamento per l'host",
      'Нет маршрута до узла',
      '没有到主机的路由',
      'ホストへの経路がありません',
    ],
  ],
  [
    undefined,
    'Name or service not known',
    [
      'Der Name oder der Dienst ist nicht bekannt',
      'Nom ou service inconnu',
      'Nombre o servicio desconocido',
      'Nome ou serviço desconhecido',
      'Nome o servizio sconosciuto',
      'Неизвестное имя или служба',
      '未知的名称或服务',
      '名前またはサービスが不明です',
    ],
  ],
  [
    undefined,
    'Temporary failure in name resolution',
    [
      'Temporärer Fehler bei der Namensauflösung',
      'Échec temporaire dans la résolution du nom',
      'Fallo temporal en la resolución del nombre',
      'Falha temporário na resolução de nome',
      'Errore temporaneo nella risoluzione del nome',
      'Временный сбой в разрешении имен',
      '域名解析暂时失败',
      '名前解決に一時的に失敗しました',
    ],
  ],
];

/**
 * PostgreSQL's sentences (server, libpq, JDBC driver) and those of its catalogues. `*` stands for a quoted name, `#` for
 * a bare one; they come in the same order.
 */
const OF_POSTGRES: readonly (readonly [english: string, others: readonly string[]])[] = [
  [
    'password authentication failed for user "*"',
    [
      'Passwort-Authentifizierung für Benutzer * fehlgeschlagen',
      "authentification par mot de passe échouée pour l'utilisateur *",
      'la autentificación password falló para el usuario *',
      "autenticazione con password fallita per l'utente *",
      'пользователь * не прошёл проверку подлинности (по паролю)',
      '用户 * 的密码认证失败',
      '用户 * Password 认证失败',
      'ユーザー*のパスワード認証に失敗しました',
    ],
  ],
  [
    'column "*" of relation "*" does not exist',
    [
      'Spalte * von Relation * existiert nicht',
      "la colonne * de la relation * n'existe pas",
      'no existe la columna * en la relación *',
      'la colonna * della relazione * non esiste',
      'столбец * в таблице * не существует',
    ],
  ],
  [
    'column "*" does not exist',
    [
      'Spalte * existiert nicht',
      "la colonne * n'existe pas",
      'no existe la columna *',
      'la colonna * non esiste',
      'столбец * не существует',
      '列 * 不存在',
      '列*は存在しません',
    ],
  ],
  [
    'relation "*" does not exist',
    [
      'Relation * existiert nicht',
      "la relation * n'existe pas",
      'no existe la relación *',
      'la relazione * non esiste',
      'отношение * не существует',
      '关系 * 不存在',
      'リレーション*は存在しません',
    ],
  ],
  [
    'relation "*" already exists',
    [
      'Relation * existiert bereits',
      'la relation * existe déjà',
      'la relación * ya existe',
      'la relazione * esiste già',
      'отношение * уже существует',
      '关系 * 已存在',
      'リレーション*はすでに存在します',
    ],
  ],
  [
    'database "*" does not exist',
    [
      'Datenbank * existiert nicht',
      "la base de données * n'existe pas",
      'no existe la base de datos *',
      'il database * non esiste',
      'база данных * не существует',
      '数据库 * 不存在',
      'データベース*は存在しません',
    ],
  ],
  [
    'role "*" does not exist',
    [
      'Rolle * existiert nicht',
      "le rôle * n'existe pas",
      'no existe el rol *',
      'il ruolo * non esiste',
      'роль * не существует',
      '角色 * 不存在',
      'ロール*は存在しません',
    ],
  ],
  [
    'sorry, too many clients already',
    [
      'tut mir leid, schon zu viele Verbindungen',
      'désolé, trop de clients sont déjà connectés',
      'lo siento, ya tenemos demasiados clientes',
      'spiacente, troppi client già connessi',
      'извините, уже слишком много клиентов',
      '客户端连接过多',
      '現在クライアント数が多すぎます',
    ],
  ],
  [
    'permission denied for table #',
    [
      'keine Berechtigung für Tabelle #',
      'droit refusé pour la table #',
      'permiso denegado a la tabla #',
      'permesso negato per la tabella #',
      'нет доступа к таблице #',
      '对表 # 的权限不足',
      'テーブル # へのアクセスが拒否されました',
    ],
  ],
  [
    'permission denied for schema #',
    [
      'keine Berechtigung für Schema #',
      'droit refusé pour le schéma #',
      'permiso denegado al esquema #',
      'permesso negato per lo schema #',
      'нет доступа к схеме #',
      '对模式 # 的权限不足',
      'スキーマ # へのアクセスが拒否されました',
    ],
  ],
  [
    'the database system is starting up',
    [
      'das Datenbanksystem startet',
      'le système de bases de données se lance',
      'el sistema de base de datos está iniciándose',
      'il database si sta avviando',
      'система баз данных запускается',
      '数据库系统正在启动',
      'データベースシステムは起動処理中です',
    ],
  ],
  [
    'duplicate key value violates unique constraint "*"',
    [
      'doppelter Schlüsselwert verletzt Unique-Constraint *',
      "la valeur d'une clé dupliquée rompt la contrainte unique *",
      'llave duplicada viola restricción de unicidad *',
      'un valore chiave duplicato viola il vincolo univoco *',
      'повторяющееся значение ключа нарушает ограничение уникальности *',
      '重复键值违反唯一约束 *',
      '重複したキー値は一意性制約*違反となります',
    ],
  ],
  [
    'connection to server at "*" (#), port # failed: ',
    [
      'Verbindung zum Server auf * (#), Port # fehlgeschlagen: ',
      'la connexion au serveur sur * (#), port # a échoué : ',
      'falló la conexión al servidor en * (#), puerto #: ',
      'connessione al server su * (#), porta # non riuscita: ',
      'подключиться к серверу * (#), порту # не удалось: ',
      '连接到服务器 *（#）的端口 # 失败: ',
      '*(#)、ポート#のサーバーへの接続に失敗しました: ',
    ],
  ],
  [
    'could not translate host name "*" to address: ',
    [
      'konnte Hostnamen * nicht in Adresse übersetzen: ',
      "n'a pas pu traduire le nom d'hôte * en adresse : ",
      'no se pudo traducir el nombre * a una dirección: ',
      'conversione del nome host * in indirizzo fallita: ',
      'преобразовать имя * в адрес не удалось: ',
      '无法将主机名 * 解析为地址: ',
      'ホスト名*をアドレスに変換できませんでした: ',
    ],
  ],
  [
    'Connection refused. Check that the hostname and port are correct',
    [
      'Verbindung verweigert. Überprüfen Sie die Korrektheit von Hostnamen und der Portnummer',
      'Connexion refusée. Vérifiez que le nom de machine et le port sont corrects',
      'Conexión rechazada. Verifique que el nombre del Host y el puerto sean correctos',
      'Conexão negada. Verifique se o nome da máquina e a porta estão corretos',
      "Connessione rifiutata. Controllare che il nome dell'host e la porta siano corretti",
      '连线被拒，请检查主机名称和埠号',
    ],
  ],
  [
    'Connection to # refused',
    ['Verbindung zu # verweigert', 'Подключение по адресу # отклонено', '# への接続が拒絶されました'],
  ],
];

const escaped = (words: string): string => words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
/** A Latin letter that a driver could not decode stands there as U+FFFD, one for each byte. */
const letters = (words: string): string =>
  escaped(words).replace(/(?!\p{ASCII})\p{Script=Latin}/gu, (letter) => `(?:${letter}|\uFFFD{1,2})`);
const QUOTED = '["\'«»„“”「\uFFFD]\\s?([^"\'«»„“”」\uFFFD\\n]{1,120}?)\\s?["\'«»“”」\uFFFD]';

/** What stands before and behind a sentence of its own: in the midst of others the words may be the program's own. */
const SYSTEM = new RegExp(
  `(?<=^|[:,;("'\\]»] ?)(?:${OF_THE_SYSTEM.flatMap(([, , others]) => others.map((one) => `(?:${letters(one)})`)).join('|')})(?='?(?:\\.?$|[)\\]:;,"'»/\\n]| [[(]))`,
  'u',
);
const ENGLISH = new Map(OF_THE_SYSTEM.flatMap(([, english, others]) => others.map((one) => [one, english] as const)));
const BY_NUMBER = new Map(
  OF_THE_SYSTEM.flatMap(([errno, english]) => (errno === undefined ? [] : [[errno, english] as const])),
);

const POSTGRES = OF_POSTGRES.flatMap(([english, others]) =>
  others.map((other) => {
    const source = letters(other)
      .replace(/ ?\\\(#\\\)|（#）/, '(?:\\s?[(（]#[)）])?')
      .replaceAll(' ', '\\s{1,2}')
      .replaceAll('\\*', () => QUOTED)
      .replaceAll('#', () => '([\\w.:-]{1,120})');
    return { english, pattern: new RegExp(source, 'iu') };
  }),
);
/** The longest piece of each sentence without a name: a line with none of them has no such sentence. */
const OF_POSTGRES_AT_ALL = new RegExp(
  OF_POSTGRES.flatMap(([, others]) => others)
    .map((one) =>
      letters(
        one
          .split(/[*#]/)
          .reduce((a, b) => (b.length > a.length ? b : a))
          .trim(),
      ),
    )
    .join('|')
    .replaceAll(' ', '\\s{1,2}'),
  'iu',
);
/** Severities of PostgreSQL, as its catalogues have them. */
const SEVERITIES: readonly (readonly [RegExp, string])[] = [
  [/(?<=^|: )(?:ВАЖНО|ФАТАЛЬНО|FATALE|致命错误|致命的エラー|치명적오류) ?[:：] {0,2}/u, 'FATAL: '],
  [/(?<=^|: )(?:FEHLER|ERREUR|ERRO|ERRORE|ОШИБКА|ПОМИЛКА|错误|エラー|오류) ?[:：] {0,2}/u, 'ERROR: '],
];

/** Where programs write the number of the error beside its words: nginx and Apache, Python, Rust. */
const NUMBERED: readonly RegExp[] = [
  /\((?<errno>\d{1,3}): (?<words>[^()\n]{3,120})\)/,
  /\[Errno (?<errno>\d{1,3})\] (?<words>[^:\n'"]{3,120})/,
  /\bcode: (?<errno>\d{1,3}), kind: \w{3,40}, message: "(?<words>[^"\n]{3,120})"/,
  /: (?<words>[^:()\n]{3,120}) \(os error (?<errno>\d{1,3})\)/,
];
/** Words of one of these languages have one of these letters or begin so; others are not looked at. */
const MAY_BE_FOREIGN =
  /[^\p{ASCII}]|Verbind|Berechtigung|Datei|Adresse|Fichier|fichier|Nom ou|Relation|Rolle|Spalte|Datenbank|tut mir|Permis|permiso|permesso|denegado|existe|queda|pudo|lo siento|File o|negat|rifiut|allocare|aperti|lettura|Connessione|connessione|scaduta|sconosciuto|esiste|spiacente|FEHLER|ERREUR|ERRORE|FATALE|Fehler|Formato|Ressource|Risorsa|Recurso|Zu viele|Spazio|sola|Keine|Trop|Demasiados|Muitos|Troppi|Netz|red es|rede|Name|Nombre|Die |Das |il |no /u;

/**
 * @param line one line of a log
 * @returns the line with the sentences in it that are known in English; the same line where there are none
 */
export function inEnglish(line: string): string {
  let text = MAY_BE_FOREIGN.test(line) ? ofPostgres(line) : line;
  text = text.replace(SYSTEM, (words) => ENGLISH.get(words) ?? withLetters(words));
  for (const pattern of NUMBERED) {
    const { errno, words } = pattern.exec(text)?.groups ?? {};
    const english = BY_NUMBER.get(Number(errno));
    // Words of the program itself beside a number are as good as the system's.
    if (english !== undefined && words !== undefined && !isEnglish(words)) text = text.replace(words, () => english);
  }
  return text;
}

function ofPostgres(line: string): string {
  let text = line;
  for (const [severity, english] of SEVERITIES) text = text.replace(severity, english);
  if (!OF_POSTGRES_AT_ALL.test(text)) return text;
  for (const { english, pattern } of POSTGRES) {
    const found = pattern.exec(text);
    if (!found) continue;
    const names: (string | undefined)[] = found.slice(1);
    const said = english.replace(/ \(#\)|[*#]/g, (slot) => {
      const name = names.shift();
      if (slot !== ' (#)') return name ?? '';
      return name === undefined ? '' : ` (${name})`;
    });
    text = `${text.slice(0, found.index)}${said}${text.slice(found.index + found[0].length)}`;
  }
  return text;
}

/** Each sentence as it stands where letters were lost. */
const LOST = [...ENGLISH].map(([one, english]) => ({ english, pattern: new RegExp(`^${letters(one)}$`, 'u') }));
/** With letters that were lost: the first sentence that fits. */
const withLetters = (words: string): string => LOST.find(({ pattern }) => pattern.test(words))?.english ?? words;

/** What a line may end with that was cut off in the midst of it, each a whole sentence of the system or of TLS. */
const ENDINGS: readonly string[] = [
  ...OF_THE_SYSTEM.map(([, english]) => english.toLowerCase()),
  'no such host',
  'i/o timeout',
  'password authentication failed',
  'certificate signed by unknown authority',
  'self-signed certificate in certificate chain',
];
/** Fewer letters than these may begin anything. */
const SHORTEST_STUB = 10;

/**
 * @param line one that may be cut off at its end
 * @returns it with the rest of the sentence that it breaks off in, where only one begins so
 */
export function withEnding(line: string): string {
  const end = line.slice(-60).toLowerCase();
  for (let from = 0; from <= end.length - SHORTEST_STUB; from++) {
    const stub = end.slice(from);
    if (/[a-z]/.test(end[from - 1] ?? '')) continue;
    const whole = ENDINGS.filter((one) => one.startsWith(stub));
    const rest = whole.length === 1 ? (whole[0] ?? '').slice(stub.length) : '';
    // A word that ends may be the end of the sentence as well.
    if (/^[a-z]/.test(rest)) return line + rest;
  }
  return line;
}

/** Any of the small words that English sentences of the system have. */
const isEnglish = (words: string): boolean =>
  /\b(?:no|not|such|file|denied|refused|in use|timed|space|already|cannot|failed|too|is|reset|peer|unavailable|error|system|memory|the|to)\b/i.test(
    words,
  );
