import { describe, expect, it } from 'vitest';
import { debianSources } from './debian-sources.ts';

const TARGETS = `http://debian.example/debian/ bookworm main
http://debian.example/debian/ bookworm main
http://debian.example/debian/ bookworm-updates main
http://security.example/debian-security/ bookworm-security main
http://debian.example/debian/ bookworm contrib
https://vendor.example/apt/ vendor-bookworm main
https://vendor.example/apt/ bookworm stable
`;

describe('debianSources', () => {
  it("takes Debian's own suites, each once, signed by Debian", () => {
    expect(debianSources(TARGETS)).toBe(
      [
        'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://debian.example/debian/ bookworm main',
        'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://debian.example/debian/ bookworm-updates main',
        'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://security.example/debian-security/ bookworm-security main',
        '',
      ].join('\n'),
    );
  });

  it.each(['', 'http://archive.example/ubuntu/ noble main\n', 'http://debian.example/debian/ bookworm-updates main\n'])(
    'is empty for a host without the suite itself: %j',
    (targets) => {
      expect(debianSources(targets)).toBe('');
    },
  );
});
