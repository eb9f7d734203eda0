import { readApplication } from '../../src/diagnosis/application.ts';
import { explainApplication } from '../../src/diagnosis/application-remedies.ts';
import { inEnglish, withEnding } from '../../src/diagnosis/languages.ts';

/** A line, and as it is read. */
test.each<[string, string]>([
  // The operating system.
  ['java.net.ConnectException: Verbindungsaufbau abgelehnt', 'java.net.ConnectException: Connection refused'],
  ['/app/a.yml (Aucun fichier ou dossier de ce type)', '/app/a.yml (No such file or directory)'],
  ['mkdir: /data: Permesso negato', 'mkdir: /data: Permission denied'],
  [
    'mkdir: impossible de créer « /data »: Permission non accordée',
    'mkdir: impossible de créer « /data »: Permission denied',
  ],
  ['write: No queda espacio en el dispositivo', 'write: No space left on device'],
  ['bind: Адрес уже используется', 'bind: Address already in use'],
  ['拒绝连接: /127.0.0.1:9848', 'Connection refused: /127.0.0.1:9848'],
  ['java.net.ConnectException: 接続がタイムアウトしました', 'java.net.ConnectException: Connection timed out'],
  ['java.net.ConnectException: Conex\uFFFDo recusada', 'java.net.ConnectException: Connection refused'],
  ['gaierror: [Errno -2] Nombre o servicio desconocido', 'gaierror: [Errno -2] Name or service not known'],
  ['chown: /data: Die Operation ist nicht erlaubt', 'chown: /data: Operation not permitted'],
  ['sh: 1: ./server: Erreur de format pour exec()', 'sh: 1: ./server: Exec format error'],
  ['fork: Recurso no disponible temporalmente', 'fork: Resource temporarily unavailable'],
  ['fork: Impossibile allocare memoria', 'fork: Cannot allocate memory'],
  ['accept: Слишком много открытых файлов', 'accept: Too many open files'],
  ['touch: /data/x: Das Dateisystem ist nur lesbar', 'touch: /data/x: Read-only file system'],
  ["bind: Ne peut attribuer l'adresse demandée", 'bind: Cannot assign requested address'],
  ['connect: La red es inaccesible', 'connect: Network is unreachable'],
  ['read: Соединение разорвано другой стороной', 'read: Connection reset by peer'],
  ['connect: 没有到主机的路由', 'connect: No route to host'],
  ['getaddrinfo: Temporärer Fehler bei der Namensauflösung', 'getaddrinfo: Temporary failure in name resolution'],
  // By the number alone, in any language.
  [
    'Os { code: 13, kind: PermissionDenied, message: "Toegang geweigerd" }',
    'Os { code: 13, kind: PermissionDenied, message: "Permission denied" }',
  ],
  ['bind() failed (98: Adres jest już w użyciu)', 'bind() failed (98: Address already in use)'],
  ['[Errno 13] Erişim engellendi: /data', '[Errno 13] Permission denied: /data'],
  [
    'Os { code: 2, kind: NotFound, message: "Bestand bestaat niet" }',
    'Os { code: 2, kind: NotFound, message: "No such file or directory" }',
  ],
  ['open a: Brak dostępu (os error 13)', 'open a: Permission denied (os error 13)'],
  // PostgreSQL and its clients.
  [
    'FATAL: Passwort-Authentifizierung für Benutzer »app« fehlgeschlagen',
    'FATAL: password authentication failed for user "app"',
  ],
  ["ERREUR:  la relation « a.b » n'existe pas", 'ERROR: relation "a.b" does not exist'],
  ['ОШИБКА: столбец "a" в таблице "b" не существует', 'ERROR: column "a" of relation "b" does not exist'],
  ['致命错误: 数据库 "shop" 不存在', 'FATAL: database "shop" does not exist'],
  ['ERROR:  リレーション"users"は存在しません', 'ERROR:  relation "users" does not exist'],
  ['FEHLER:  keine Berechtigung für Tabelle orders', 'ERROR: permission denied for table orders'],
  [
    '28P01: la autentificaci\uFFFDn password fall\uFFFD para el usuario \uFFFDapp\uFFFD',
    '28P01: password authentication failed for user "app"',
  ],
  [
    'falló la conexión al servidor en «db» (10.0.0.1), puerto 5432: x',
    'connection to server at "db" (10.0.0.1), port 5432 failed: x',
  ],
  ['Verbindung zum Server auf »db«, Port 5432 fehlgeschlagen: x', 'connection to server at "db", port 5432 failed: x'],
  [
    'Verbindung verweigert. Überprüfen Sie die Korrektheit von Hostnamen und der Portnummer.',
    'Connection refused. Check that the hostname and port are correct.',
  ],
  ['FEHLER:  Rolle »app« existiert nicht', 'ERROR: role "app" does not exist'],
  ["FATAL: le rôle « app » n'existe pas", 'FATAL: role "app" does not exist'],
  ['Verbindung zu db:5432 verweigert', 'Connection to db:5432 refused'],
  ['Подключение по адресу db:5432 отклонено', 'Connection to db:5432 refused'],
  ['FEHLER:  Spalte »total« existiert nicht', 'ERROR: column "total" does not exist'],
  ['ERRORE:  la relazione "orders" esiste già', 'ERROR: relation "orders" already exists'],
  ['FATAL: désolé, trop de clients sont déjà connectés', 'FATAL: sorry, too many clients already'],
  ['ВАЖНО:  система баз данных запускается', 'FATAL: the database system is starting up'],
  ['ВАЖНО:роль "app" не существует', 'FATAL: role "app" does not exist'],
  ['ERROR: permiso denegado al esquema ventas', 'ERROR: permission denied for schema ventas'],
  [
    "ERREUR: la valeur d'une clé dupliquée rompt la contrainte unique « users_pkey »",
    'ERROR: duplicate key value violates unique constraint "users_pkey"',
  ],
  [
    'konnte Hostnamen »db« nicht in Adresse übersetzen: Temporärer Fehler bei der Namensauflösung',
    'could not translate host name "db" to address: Temporary failure in name resolution',
  ],
  ['ERRORE: il ruolo "app" non esiste', 'ERROR: role "app" does not exist'],
  ['ERRORE: qualcosa di strano', 'ERROR: qualcosa di strano'],
  ['ERREUR: bizarre', 'ERROR: bizarre'],
  // What is English, what is the program's own, and what stands in the midst of other words stays.
  ['bind() failed (98: Address in use)', 'bind() failed (98: Address in use)'],
  ['(13: the folder is not ours)', '(13: the folder is not ours)'],
  ['Le serveur dit Connexion refusée par le videur', 'Le serveur dit Connexion refusée par le videur'],
  ['Conexão recusada. Servidor cheio.', 'Conexão recusada. Servidor cheio.'],
  ['サーバーに接続を拒否されました', 'サーバーに接続を拒否されました'],
  ['die Relation ist gut', 'die Relation ist gut'],
  ['(7: Sieben auf einen Streich)', '(7: Sieben auf einen Streich)'],
])('%s', (line, english) => expect(inEnglish(line)).toBe(english));

/** What a line breaks off in; nothing is added where more than one sentence begins so, or where it ends in a word. */
test.each<[string, string]>([
  ['dial tcp 10.0.1.5:5432: connect: connection ref', 'used'],
  ['open /data/x: permission d', 'enied'],
  ['x509: certificate signed by un', 'known authority'],
  ['no such ho', 'st'],
  ['connect: connection re', ''],
  ['connect: connec', ''],
  ['reconnection refu', ''],
  ['', ''],
  ['Permission denied', ''],
  ["env: 'node': No such file", ''],
])('%s|', (line, rest) => expect(withEnding(line)).toBe(line + rest));

test('only the last line, or an entry that is cut off, is completed', () => {
  const cut = 'ERROR dial tcp 10.0.1.5:5432: connect: connection ref';
  expect(readApplication(cut)).toMatchObject({
    kind: 'connection-refused',
    printed: 'ERROR: dial tcp 10.0.1.5:5432: connect: connection ref',
  });
  expect(readApplication(`${cut}\nbye`)?.kind).not.toBe('connection-refused');
});

test('the line is quoted as it was printed', () => {
  const text = 'Error: ОШИБКА: столбец "a" в таблице "b" не существует';
  const error = readApplication(text);
  expect(error).toMatchObject({ line: 'Error: ERROR: column "a" of relation "b" does not exist', printed: text });
  expect(JSON.stringify(error && explainApplication(error, ' web').cause)).toContain('столбец');
});

test('an English line has no second form', () => expect(readApplication('Error: odd')).not.toHaveProperty('printed'));
