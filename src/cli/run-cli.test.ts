import { describe, expect, it } from 'vitest';
import { errorSchema } from '../contract/error.ts';
import { AppError } from '../errors/app-error.ts';
import { runOnBench, undisturbed } from './testing/cli-bench.ts';

it.each([['-ojson'], ['-o=json'], ['-o', 'json']])('takes %s %s for JSON, as kubectl does', async (...words) => {
  const { exitCode, stdout } = await runOnBench(['plan', ...words], {
    verbs: { clusterFile: async () => ({ readClusterFile: () => Promise.reject(new AppError('refused', 'no')) }) },
  });
  expect({ exitCode, code: (JSON.parse(stdout) as { readonly error: { readonly code: string } }).error.code }).toEqual({ exitCode: 5, code: 'refused' });
});

describe('help', () => {
  it('lists the commands', async () => {
    const { stdout, exitCode } = await runOnBench([]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatchInlineSnapshot(`
      "USAGE
        kubewright init
        kubewright plan
        kubewright apply
        kubewright status
        kubewright verify
        kubewright audit
        kubewright reset
        kubewright kubeconfig
        kubewright artifacts ensure|list|verify|bundle|lock|prune ...
        kubewright lab up|down|list|ssh|cluster-file|start|stop|cut|partition|heal|save|restore ...
        kubewright schema
        kubewright completion SHELL
        kubewright version
        kubewright --help
        kubewright --version

      Builds and keeps highly available Kubernetes clusters on machines you own: over SSH, with upstream kubeadm, from one file.

      EXAMPLES
        kubewright init                 a cluster file to begin with
        kubewright plan                 what would be done for ./cluster.yaml
        kubewright apply                do it
        kubewright lab up               machines to try it on, on this very host

      FLAGS
        -h --help     print this help
        -v --version  print the version
           --         what follows is no flag

      COMMANDS
        init        write a cluster file with comments, to begin with
        plan        show what apply would do
        apply       bring the machines to what the cluster file says
        status      show how the cluster is now
        verify      hold the running cluster against the cluster file
        audit       find one machine's values in what all machines share, in any cluster made with kubeadm
        reset       take the whole cluster from its machines, and give back what was there before
        kubeconfig  print an administrator's kubeconfig that works from here
        artifacts   programs and images that machines are given
        lab         machines to try it on, on this very host
        schema      print the JSON Schema of the cluster file, for editors
        completion  print what a shell needs to complete command lines
        version     print the version
      "
    `);
    expect(await runOnBench(['--help'])).toMatchObject({ stdout, exitCode });
    expect(await runOnBench(['help'])).toMatchObject({ stdout, exitCode });
  });

  it('is also asked for as in other tools', async () => expect(await runOnBench(['help', 'lab', 'up'])).toEqual(await runOnBench(['lab', 'up', '--help'])));

  it('describes a command', async () => {
    expect((await runOnBench(['apply', '--help'])).stdout).toMatchInlineSnapshot(`
      "USAGE
        kubewright apply [--file FILE] [--source SOURCE] [--check] [--allow CODE[=NODE]]... [--yes]
        kubewright apply --help

      Judges the machines first, all at once: an error refuses, a warning needs consent by name. Then it plans as plan does, asks, and carries the plan out.
      Run it again after whatever went wrong: it looks at the machines and goes on from what is there.
      The first run on this machine obtains what the cache lacks, as plan does. It also writes down beside the cluster file whose bytes it used: later runs use the same (see artifacts lock --help).
      A user other than root (ssh.user in the cluster file) becomes root with sudo; the password, if it wants one, is asked for or read once, tried on one machine first, and once on each.
      Ctrl-C starts nothing new and waits for what runs; a second one leaves what runs to finish on its machine.

      EXAMPLES
        kubewright apply
        kubewright apply --check
        kubewright apply -f prod.yaml --yes
        kubewright apply --source bundle:bundle
        kubewright apply --yes --allow swap-on=w-1
        kubewright apply --ask-sudo-password
        kubewright apply --yes --sudo-password-file /run/secrets/sudo
        kubewright apply --yes -o json > events.jsonl

      FLAGS
        -f --file FILE                cluster file, - for standard input; without it ./cluster.yaml
           --source SOURCE            where programs and images come from: go, upstream or bundle:DIR; without it one is chosen, and said
           --ask-sudo-password        ask once for the password that sudo wants of users other than root
           --sudo-password-file FILE  take that password from the first line of a file or pipe
           --sudo-password-env NAME   take that password from a variable of the environment
        -o --output text|json         form of what is printed [default = text]
           --no-color                 no colours, as with NO_COLOR set
           --check                    judge the machines, plan nothing and change nothing
           --allow CODE[=NODE]...     go on with this warning of preflight, of all nodes or of one; never with an error [several times, or with ","]
           --take-over RUN            take the locks of this run, which may live: its id as the refusal shows it
        -y --yes                      do not ask before changing machines
        -h --help                     print this help
           --                         what follows is no flag
      "
    `);
  });

  it('describes a command whose words are passed on', async () => {
    expect((await runOnBench(['lab', 'ssh', '-h'])).stdout).toMatchInlineSnapshot(`
      "USAGE
        kubewright lab ssh [--name LAB] MACHINE
        kubewright lab ssh [--name LAB] MACHINE -- COMMAND...
        kubewright lab ssh --help

      Logs in to a machine as root, or runs a command there. Its exit code is that of the command.

      EXAMPLES
        kubewright lab ssh cp-1
        kubewright lab ssh demo/cp-1 -- crictl ps
        kubewright lab ssh --name demo w-1 -- journalctl --unit kubelet

      FLAGS
           --name LAB  name of the lab; not needed for LAB/MACHINE, nor where only one lab is
        -h --help      print this help
           --          what follows is no flag

      ARGUMENTS
        MACHINE...  cp-1, or with its lab: demo/cp-1; then -- and a command
      "
    `);
  });

  it.each([
    ['init'],
    ['schema'],
    ['completion'],
    ['plan'],
    ['apply'],
    ['status'],
    ['verify'],
    ['audit'],
    ['reset'],
    ['kubeconfig'],
    ['version'],
    ['artifacts'],
    ...['ensure', 'list', 'verify', 'bundle', 'lock', 'prune'].map((verb) => ['artifacts', verb]),
    ['lab'],
    ...['up', 'down', 'list', 'ssh', 'cluster-file', 'start', 'stop', 'cut', 'partition', 'heal', 'save', 'restore'].map((verb) => ['lab', verb]),
  ])('of %s %s has examples and loads nothing', async (...command) => {
    const { stdout, stderr, exitCode } = await runOnBench([...command, '--help']);
    expect(stdout).toContain(`EXAMPLES\n  kubewright ${command.join(' ')}`);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    // What a value or an argument is called is said everywhere, and needed ones stand in no brackets.
    expect(stdout).not.toMatch(/VALUE|<[A-Z]/);
  });

  it.each([
    ['plan', '  -f --file FILE                cluster file, - for standard input; without it ./cluster.yaml'],
    ['plan', '  kubewright plan [--file FILE] [--source SOURCE] [--exit-code]'],
    ['status', '     --interval SECONDS         with --watch: how long from the end of one look to the next; without it 5'],
    ['reset', '  kubewright reset [--file FILE] [--dry-run] [--allow CODE=NAME]... [--yes]'],
    ['kubeconfig', '     --merge [FILE]             put it into this kubeconfig'],
    ['audit', '  kubewright audit --explain CODE'],
    ['init', '  kubewright init [--control-plane [NAME=]ADDRESS]... [--worker [NAME=]ADDRESS]... '],
    ['artifacts', '  kubewright artifacts ensure [NAME...]\n'],
    ['artifacts', '  kubewright artifacts bundle --out DIR\n'],
    ['artifacts ensure', '  kubewright artifacts ensure [--kubernetes VERSION] [--source go|upstream] [NAME...]\n'],
    ['artifacts ensure', 'ARGUMENTS\n  [NAME...]  an artifact'],
    ['artifacts bundle', '     --packages/--no-packages  with the Debian packages that machines need [default = true]'],
    ['artifacts bundle', '  -o --out DIR                 folder of the bundle; what lies there of one is kept [required]'],
    ['lab start', '  kubewright lab start [--name LAB] MACHINE\n'],
    ['completion', '  kubewright completion SHELL\n'],
  ])('of %s says what flags and arguments take: %j', async (command, line) => {
    expect((await runOnBench([...command.split(' '), '--help'])).stdout).toContain(line);
  });

  it('says the version', async () => {
    expect((await runOnBench(['version'])).stdout).toBe('kubewright 1.2.3\n');
    expect((await runOnBench(['--version'])).stdout).toBe('1.2.3\n');
  });
});

describe('a wrong command line', () => {
  it.each([
    ['aply', 'there is no command kubewright aply', 'did you mean `apply`? see kubewright --help'],
    ['lab upp', 'there is no command kubewright lab upp', 'did you mean `up`? see kubewright lab --help'],
    ['ps', 'there is no command kubewright ps', 'see kubewright --help'],
    ['destroy', 'there is no command kubewright destroy', 'see kubewright --help'],
    ['plan --outptu text', 'there is no flag --outptu', 'did you mean --output? see kubewright plan --help'],
    ['lab up --control-plane 1', 'there is no flag --control-plane', 'did you mean --control-planes? see kubewright lab up --help'],
    ['plan -x', 'there is no flag -x', 'see kubewright plan --help'],
    ['plan -o yaml', '--output takes text or json, not "yaml"', 'see kubewright plan --help'],
    ['lab up --workers many', '--workers "many": a whole number is needed', 'see kubewright lab up --help'],
    ['lab up --workers -1', '--workers "-1": a whole number is needed', 'see kubewright lab up --help'],
    ['lab start', 'MACHINE is missing', 'see kubewright lab start --help'],
    ['lab ssh', 'MACHINE is missing', 'see kubewright lab ssh --help'],
    [
      'audit --host root@10.88.2.11:2222',
      '--host "root@10.88.2.11:2222": it is no machine: a port has no place there',
      "write USER@ADDRESS, and the port under Host ADDRESS in ssh's own configuration",
    ],
    ['audit --host @x', '--host "@x": it is no machine: write USER@ADDRESS', 'see kubewright audit --help'],
    ['plan extra', 'unexpected argument "extra"', 'see kubewright plan --help'],
    ['plan --file', '--file needs a value', 'see kubewright plan --help'],
    ['plan --file --exit-code', '--file needs a value', 'see kubewright plan --help'],
    ['plan -f a -f b', '--file is given twice: "a" and "b"', 'see kubewright plan --help'],
    ['apply --yes=maybe', '--yes "maybe": Cannot convert maybe to a boolean', 'see kubewright apply --help'],
  ])('%s', async (line, message, hint) => {
    const text = await runOnBench(line.split(' '));
    const json = await runOnBench([...line.split(' '), '--output=json']);
    expect(text).toMatchObject({ exitCode: 2, stdout: '' });
    expect(text.stderr).toContain(`error: ${message}`);
    expect(text.stderr).toContain(`next: ${hint}\n`);
    expect(json).toMatchObject({ exitCode: 2, stderr: '' });
    expect(errorSchema.parse(JSON.parse(json.stdout)).error).toMatchObject({ code: 'usage', hint: expect.stringContaining(hint) as string });
  });

  it('has all its problems said at once', async () => {
    expect((await runOnBench(['lab', 'up', '--workers', 'x', '--control-planes', 'y'])).stderr).toMatchInlineSnapshot(`
      "error: --control-planes "y": a whole number is needed [usage]
        --workers "x": a whole number is needed
      next: see kubewright lab up --help
      "
    `);
  });
});

describe('an error of a command', () => {
  const failing = (error: unknown) => ({ clusterFile: async () => ({ readClusterFile: () => Promise.reject(error) }) });
  const invalid = new AppError('cluster-file-invalid', 'cluster.yaml has 1 problem', { details: ['cluster.yaml:9:5: unknown key'] });

  it('is shown with its code, and gives the exit code', async () => {
    const { exitCode, stdout, stderr } = await runOnBench(['plan'], { verbs: failing(invalid) });
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
    expect(stderr).toMatchInlineSnapshot(`
      "error: cluster.yaml has 1 problem [cluster-file-invalid]
        cluster.yaml:9:5: unknown key
      next: mend what is listed and run the command again
      "
    `);
  });

  it('is one JSON value on stdout when asked for', async () => {
    const { exitCode, stdout, stderr } = await runOnBench(['plan', '-o', 'json'], { verbs: failing(invalid) });
    expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: '' });
    expect(errorSchema.parse(JSON.parse(stdout)).error).toEqual({ code: 'cluster-file-invalid', message: invalid.message, hint: invalid.hint, details: invalid.details });
  });

  it('that is a defect says so, with where', async () => {
    const { exitCode, stderr } = await runOnBench(['plan'], { verbs: failing(new TypeError('x is not a function')) });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('error: x is not a function [internal]');
    expect(stderr).toContain('run-cli.test.ts');
  });

  it.each([
    [130, new DOMException('aborted', 'AbortError'), []],
    [143, new AppError('program-failed', 'ssh ended with exit code 255'), ['ssh ended with exit code 255']],
  ])('after a request to stop exits with %d', async (exitCode, error, details) => {
    const interruption = { ...undisturbed, signal: AbortSignal.abort(), exitCode: () => exitCode };
    const run = await runOnBench(['plan', '-o', 'json'], { verbs: failing(error), interruption });
    expect(run.exitCode).toBe(exitCode);
    expect(errorSchema.parse(JSON.parse(run.stdout)).error).toMatchObject({ code: 'interrupted', details });
  });

  it('is coloured on a terminal, unless that is not wanted', async () => {
    const options = { verbs: failing(invalid), isTerminal: true, env: { TERM: 'xterm' } };
    const red = '\u001B[31m';
    expect((await runOnBench(['plan'], options)).stderr).toContain(red);
    expect((await runOnBench(['plan', '--no-color'], options)).stderr).not.toContain(red);
    expect((await runOnBench(['plan'], { ...options, env: { NO_COLOR: '1', TERM: 'xterm' } })).stderr).not.toContain(red);
    expect((await runOnBench(['--help'], options)).stdout).toContain('\u001B[');
    expect((await runOnBench(['--help'], { ...options, env: { NO_COLOR: '1', TERM: 'xterm' } })).stdout).not.toContain('\u001B[');
  });
});
