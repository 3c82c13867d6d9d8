import { describe, expect, test } from 'vitest';
import { portolan } from './run.ts';

const names = ['start', 'migrate', 'keys create', 'keys list', 'keys revoke', 'keys generate'];

describe('help', () => {
  test.each(['', 'help', '--help', '-h'])('"portolan %s" lists every command', async line => {
    const { code, out, err } = await portolan(line);
    expect([code, err]).toEqual([0, '']);
    for (const name of names) expect(out).toContain(`\n  ${name} `);
  });

  test.each(names)('%s explains itself, with options and examples', async name => {
    const { code, out } = await portolan(`${name} --help`);
    expect(code).toBe(0);
    expect(out).toContain(`Usage: portolan ${name}`);
    expect(out).toContain('--help');
    expect(out).toMatch(/\nExamples:\n {2}.*portolan/);
    expect(await portolan(`help ${name}`)).toMatchObject({ code: 0, out });
    expect(await portolan(`${name} -h`)).toMatchObject({ code: 0, out });
  });

  test('of a group lists the group', async () => {
    const { out } = await portolan('help keys');
    expect(out).toContain('  keys create ');
    expect(out).not.toContain('  migrate ');
  });
});

describe('what was typed wrongly ends with code 2, and says how to type it', () => {
  test.each([
    ['strat', 'Unknown command "strat".', 'Did you mean "start"?'],
    ['kyes', 'Unknown command "kyes".', 'Did you mean "keys"?'],
    ['kyes list', 'Unknown command "kyes".', 'Did you mean "keys"?'],
    ['keys lsit', 'Unknown command "keys lsit".', 'Did you mean "keys list"?'],
    ['something-else', 'Unknown command "something-else".', 'Run "portolan help" for a list of commands.'],
    ['help migrat', 'Unknown command "migrat".', 'Did you mean "migrate"?'],
    ['keys', '"portolan keys" needs a subcommand.', 'Commands: keys create, keys list'],
    ['keys --help', '"portolan keys" needs a subcommand.', 'Commands: keys create, keys list'],
    ['keys create --nmae x', 'Unknown option --nmae.', 'Did you mean --name?'],
    ['keys list --constructor', 'Unknown option --constructor.', 'Options: --owner, --json, --help.'],
    ['keys list -x', 'Unknown option -x.', ''],
    ['keys create --scopes read', '--name NAME is missing.', ''],
    ['keys create --name x', '--scopes SCOPES is missing.', ''],
    ['keys create --name', '--name needs a value: NAME.', ''],
    ['keys create --name --scopes read', '--name needs a value: NAME.', ''],
    ['keys create --name= --scopes read', '--name needs a value: NAME.', ''],
    ['keys create --name x --name y', '--name is given twice.', ''],
    ['keys list --json=yes', '--json takes no value.', ''],
    ['keys list all', '"all" is an unexpected argument.', ''],
    ['keys revoke', 'ID is missing.', ''],
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
  ])('%s', async (line, message, hint) => {
    const { code, out, err } = await portolan(line);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
    expect(err).toContain(hint);
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
