import { read } from './on-machine.ts';
import type { Machine } from './test-lab.ts';

export const TEST_PACKAGE = 'kubewright-test-package';
export const TEST_UNIT = `${TEST_PACKAGE}.service`;

/** A package with a service that starts when it is installed, in a repository on the machine's own disk: lab machines reach no other. */
const BUILD = `set -e
d=/var/lib/kubewright-test; rm -rf $d; mkdir -p $d/repository $d/package/DEBIAN $d/package/lib/systemd/system
cat > $d/package/DEBIAN/control <<'END'
Package: ${TEST_PACKAGE}
Version: 1.0
Architecture: all
Maintainer: tests <tests@example.com>
Description: a service that must not run
END
cat > $d/package/lib/systemd/system/${TEST_UNIT} <<'END'
[Service]
ExecStart=/bin/sleep infinity
[Install]
WantedBy=multi-user.target
END
printf '#!/bin/sh\\nsystemctl enable ${TEST_UNIT} || true\\ndeb-systemd-invoke start ${TEST_UNIT} || true\\n' > $d/package/DEBIAN/postinst
chmod 755 $d/package/DEBIAN/postinst
dpkg-deb --build --root-owner-group $d/package $d/repository/${TEST_PACKAGE}.deb > /dev/null
cd $d/repository
{ dpkg-deb -f ${TEST_PACKAGE}.deb; echo "Filename: ./${TEST_PACKAGE}.deb"; echo "Size: $(stat -c %s ${TEST_PACKAGE}.deb)"; echo "SHA256: $(sha256sum < ${TEST_PACKAGE}.deb | cut -d' ' -f1)"; } > Packages
chmod -R a+rX $d
echo 'deb [trusted=yes] file:/var/lib/kubewright-test/repository ./' > /etc/apt/sources.list.d/kubewright-test.list`;

/** Makes the package available on a machine. */
export async function offerPackage(machine: Machine): Promise<void> {
  await read(machine, BUILD);
}
