import { describe, expect, test } from 'vitest';
import { portolan } from './run.ts';

const groups = ['changes', 'users', 'keys', 'apps', 'oauth', 'safestore', 'completion'];
const names = ['start', 'migrate', 'keys create', 'keys list', 'keys revoke', 'keys generate'];

describe('help', () => {
  test.each(['', 'help', '--help', '-h'])('"portolan %s" lists the commands', async line => {
    const { code, out, err } = await portolan(line);
    expect([code, err]).toEqual([0, '']);
    for (const name of ['start', 'migrate', ...groups]) expect(out).toMatch(new RegExp(`\\n  ${name} `));
    expect(out).not.toContain('complete ');
  });

  test.each(names)('%s explains itself, with options, examples and exit codes', async name => {
    const { code, out } = await portolan(`${name} --help`);
    expect(code).toBe(0);
    expect(out).toContain(`Usage: portolan ${name}`);
    expect(out).toContain('--help');
    expect(out).toMatch(/\nExamples:\n {2}.*portolan/);
    expect(out).toContain('Exit codes: 0 success, 1 failure, 2 wrong usage.');
    expect(await portolan(`help ${name}`)).toMatchObject({ code: 0, out });
    expect(await portolan(`${name} -h`)).toMatchObject({ code: 0, out });
  });

  test('shows required options in the usage', async () => {
    const { out } = await portolan('keys rotate --help');
    expect(out).toContain('Usage: portolan keys rotate <ID> --overlap <SPAN> [options]');
  });

  test.each(['help keys', 'keys --help'])('of a group lists the group: %s', async line => {
    const { code, out } = await portolan(line);
    expect(code).toBe(0);
    expect(out).toContain('\n  create ');
    expect(out).not.toContain('migrate');
  });
});

test('--version prints the version', async () => {
  expect(await portolan('--version')).toEqual({ code: 0, out: '0.1.0', err: '' });
});

describe('what was typed wrongly ends with code 2, and says how to type it', () => {
  test.each([
    ['strat', 'Unknown command "portolan strat".', 'Did you mean "start"?'],
    ['kyes', 'Unknown command "portolan kyes".', 'Did you mean "keys"?'],
    ['kyes list', 'Unknown command "portolan kyes".', 'Did you mean "keys"?'],
    ['keys lsit', 'Unknown command "portolan keys lsit".', 'Did you mean "list"?'],
    ['something-else', 'Unknown command "portolan something-else".', 'Run "portolan --help" for usage.'],
    ['help migrat', 'Unknown command "portolan migrat".', 'Did you mean "migrate"?'],
    ['help keys lsit', 'Unknown command "portolan keys lsit".', 'Did you mean "list"?'],
    ['keys', '"portolan keys" needs a subcommand.', 'Commands: create, list'],
    ['keys create --nmae x', 'Unknown option "--nmae".', 'Did you mean "--name"?'],
    ['keys list --jsno', 'Unknown option "--jsno".', 'Did you mean "--json"?'],
    [
      'keys list --constructor',
      'Unknown option "--constructor".',
      'Run "portolan keys list --help" for usage.',
    ],
    ['keys list -x', 'Unknown option "-x".', ''],
    ['keys create --scopes read', 'Required option "--name <NAME>" not specified.', ''],
    ['keys create --name x', 'Required option "--scopes <SCOPES>" not specified.', ''],
    ['keys create --name', 'Option "--name <NAME>" argument missing.', ''],
    ['keys create --name --scopes read', 'Option "--name <NAME>" argument "--scopes" is invalid.', ''],
    ['keys create --name= --scopes read', 'Option "--name <NAME>" argument "" is invalid.', ''],
    ['keys create --name x --name y', 'It is given twice.', ''],
    ['keys list --json=yes', 'Unknown option "--json=yes".', ''],
    ['keys list all', 'Too many arguments for "list". Expected 0 arguments but got 1: all.', ''],
    ['keys revoke', 'Missing required argument "ID".', 'Run "portolan keys revoke --help" for usage.'],
    [
      'keys create --name x --scopes read --expires soon',
      '"soon" is not a valid value of --expires.',
      'Use 90d',
    ],
    [
      'keys create --name x --scopes read --expires 2001-01-01',
      '--expires 2001-01-01 is not in the future.',
      '',
    ],
    ['keys create --name x --scopes read --expires 2099-02-31', 'is not a valid value of --expires', ''],
    ['completion tcsh', '"tcsh" is invalid', 'bash, zsh, fish'],
  ])('%s', async (line, message, hint) => {
    const { code, out, err } = await portolan(line);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
    expect(err).toContain(hint);
    expect(err.split('\n').length).toBeLessThanOrEqual(2);
  });
});

describe('what cannot be done ends with code 1, and says why', () => {
  test.each([
    [{ PORTOLAN_URL: 'http://localhost:1' }, 'PORTOLAN_API_KEY is missing'],
    [{ PORTOLAN_URL: 'nonsense', PORTOLAN_API_KEY: 'x' }, 'PORTOLAN_URL is not a URL.'],
    [
      { PORTOLAN_URL: 'http://127.0.0.1:1', PORTOLAN_API_KEY: 'x' },
      'The server at http://127.0.0.1:1 cannot be reached',
    ],
    [{ DATA_DIR: '/nonexistent' }, 'No database found in /nonexistent.'],
    [{ PORT: 'many', LOG_LEVEL: 'loud' }, 'PORT'],
  ])('%o', async (env, message) => {
    const { code, out, err } = await portolan('keys list', env);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain(message);
  });

  test('--url and --key take precedence over the environment', async () => {
    const env = { PORTOLAN_URL: 'http://127.0.0.1:1', PORTOLAN_API_KEY: 'x' };
    const line = 'keys list --url http://127.0.0.1:2/ --key y';
    expect((await portolan(line, env)).err).toContain('http://127.0.0.1:2 cannot be reached');
    expect((await portolan('keys list --key y', { PORT: '3' })).err).toContain('http://localhost:3 cannot');
  });

  test('every fault of the configuration at once', async () => {
    const { code, err } = await portolan('migrate', { PORT: 'many', LOG_LEVEL: 'loud' });
    expect(code).toBe(1);
    expect(err).toContain('PORT');
    expect(err).toContain('LOG_LEVEL');
  });
});

test('keys generate prints another well-formed key each time', async () => {
  const [one, two] = [await portolan('keys generate'), await portolan('keys generate')];
  expect(one.out).toMatch(/^pk_[0-9A-Za-z]{12}_[\w-]{49}$/);
  expect(one.out).not.toBe(two.out);
});
