#!/bin/sh
# Makes the images that stick_test.go reads, with other people's tools:
# dosfstools, mtools, exfatprogs and exfat-fuse, as root. Each holds the same
# files, one of them in pieces.
set -e
cd "$(dirname "$0")"
t=$(mktemp -d)
mkdir -p "$t/tree/badge-kiosk-bundle/metadata" "$t/tree/photos" "$t/mnt"
seq -f %0100.0f 1 1000 >"$t/tree/badge-kiosk-bundle.zip"
seq -f %0100.0f 1 400 >"$t/tree/Badge-Kiosk-Bundle (1).ZIP"
echo one >"$t/tree/badge-kiosk-bundle/metadata/1.root.json"
echo '{"first":true}' >"$t/tree/ROOT.JSON"
echo system >"$t/tree/badge-kiosk-system-2.zip"
echo x >"$t/tree/Größe – 大小.txt"
: >"$t/tree/empty.txt"
for i in $(seq 1 120); do echo "$i" >"$t/tree/photos/a-long-name-of-a-picture-$i.jpg"; done
fill() { # NAME SIZE OPTIONS…
	truncate -s "$2" "$t/$1"
	name=$1
	shift 2
	mkfs.vfat -i 12345678 -n STICK "$@" "$t/$name" >/dev/null
	mcopy -i "$t/$name" "$t/tree/badge-kiosk-bundle.zip" ::/filler.bin
	mcopy -i "$t/$name" -s "$t"/tree/photos ::/
	mdel -i "$t/$name" ::/filler.bin "::/photos/a-long-name-of-a-picture-5?.jpg"
	mcopy -i "$t/$name" "$t/tree/Badge-Kiosk-Bundle (1).ZIP" "$t/tree/badge-kiosk-bundle.zip" ::/
	mcopy -o -i "$t/$name" -s "$t"/tree/* ::/ </dev/null
	gzip -9 -n -c "$t/$name" >"$name.gz"
}
fill fat12.img 1440K -F 12
fill fat16.img 16M -F 16
fill fat32.img 34M -F 32 -s 1
truncate -s 4M "$t/exfat.img"
mkfs.exfat -L STICK -c 4096 "$t/exfat.img" >/dev/null
loop=$(losetup -f --show "$t/exfat.img")
mount.exfat-fuse "$loop" "$t/mnt" >/dev/null
cp "$t/tree/badge-kiosk-bundle.zip" "$t/mnt/filler.bin"
cp -r "$t/tree/photos" "$t/mnt/"
rm "$t/mnt/filler.bin" "$t"/mnt/photos/*-5?.jpg
cp -r "$t"/tree/* "$t/mnt/"
umount "$t/mnt"
losetup -d "$loop"
gzip -9 -n -c "$t/exfat.img" >exfat.img.gz
rm -r "$t"
