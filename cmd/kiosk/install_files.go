package main

import (
	"strings"

	"badgekiosk/cmd/kiosk/usb"
)

// unit is the service. It can see and do what a kiosk needs and nothing else;
// with sync its processes may also use the internet, of which the kiosk's own
// loop makes no use.
//
// The user is a fixed one, as the rules for devices name its groups. The one
// capability sets a battery clock; no call that sets the system's is allowed.
// What the judge's own process shuts itself in with, seccomp and Landlock, is
// let through.
//
// Source: systemd.exec(5), systemd.resource-control(5), systemd.service(5).
func unit(sync bool) string {
	network := "PrivateNetwork=yes\nIPAddressDeny=any\nRestrictAddressFamilies=AF_UNIX\n"
	if sync {
		network = "Wants=network.target\nAfter=network.target\n"
		return strings.Replace(service, "[Service]\n", network+"\n[Service]\n", 1) + "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6\n" + serviceEnd
	}
	return service + network + serviceEnd
}

const service = `# Written by kiosk install; change it with: systemctl edit badge-kiosk
[Unit]
Description=Badge kiosk
Documentation=man:systemd.service(5)
ConditionPathExists=/etc/badge-kiosk/kiosk.json
StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=main
ExecStart=/usr/lib/badge-kiosk/kiosk run --config /etc/badge-kiosk/kiosk.json
WatchdogSec=30
Restart=always
RestartSec=2
TimeoutStopSec=30
KillMode=mixed
User=badge-kiosk
Group=badge-kiosk
UMask=0077
StateDirectory=badge-kiosk
StateDirectoryMode=0700
RuntimeDirectory=badge-kiosk
Environment=GOTRACEBACK=none GOMEMLIMIT=200MiB
MemoryMax=400M
MemorySwapMax=0
TasksMax=128
LimitCORE=0

NoNewPrivileges=yes
AmbientCapabilities=CAP_SYS_TIME
CapabilityBoundingSet=CAP_SYS_TIME
ProtectSystem=strict
ProtectHome=yes
ProtectProc=invisible
PrivateTmp=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectHostname=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RemoveIPC=yes
KeyringMode=private
SystemCallArchitectures=native
SystemCallErrorNumber=EPERM
SystemCallFilter=@system-service
SystemCallFilter=seccomp landlock_create_ruleset landlock_add_rule landlock_restrict_self adjtimex clock_adjtime

DevicePolicy=closed
DeviceAllow=char-video4linux rw
DeviceAllow=char-media rw
DeviceAllow=char-dma_heap rw
DeviceAllow=char-input rw
DeviceAllow=char-ttyACM rw
DeviceAllow=char-ttyUSB rw
DeviceAllow=char-spi rw
DeviceAllow=char-gpiochip rw
DeviceAllow=char-drm rw
DeviceAllow=char-alsa rw
DeviceAllow=char-rtc r
DeviceAllow=block-sd r

`

const serviceEnd = `
[Install]
WantedBy=multi-user.target
`

// rules say who may open which device, where Debian's own rules do not or may
// not. A disk counts as a stick if it is on the USB and can be taken out, so
// that an SSD which holds the system does not.
//
// Source: udev(7).
const rules = `# Written by kiosk install
SUBSYSTEM=="spidev", GROUP="spi", MODE="0660"
SUBSYSTEM=="gpio", KERNEL=="gpiochip*", GROUP="gpio", MODE="0660"
SUBSYSTEM=="video4linux", GROUP="video", MODE="0660"
SUBSYSTEM=="media", GROUP="video", MODE="0660"
SUBSYSTEM=="dma_heap", GROUP="video", MODE="0660"
SUBSYSTEM=="drm", KERNEL=="card*", GROUP="video", MODE="0660"
SUBSYSTEM=="input", GROUP="input", MODE="0660"
SUBSYSTEM=="tty", KERNEL=="ttyACM*|ttyUSB*", GROUP="dialout", MODE="0660"
SUBSYSTEM=="sound", GROUP="audio", MODE="0660"
SUBSYSTEM=="rtc", GROUP="badge-kiosk", MODE="0440"
SUBSYSTEM=="block", SUBSYSTEMS=="usb", KERNEL=="sd[a-z]|sd[a-z][a-z]", ENV{DEVTYPE}=="disk", ATTR{removable}=="1", GROUP="badge-kiosk", MODE="0440"
`

// portsRules say which USB devices the computer takes, from its next start on:
// udev tells of what is plugged in already as it does of what comes.
func portsRules(sync bool) string {
	return `# Written by kiosk install: a kiosk takes cameras, hand scanners, touch screens,
# loudspeakers, sticks and hubs, and nothing that is two of these at once. To
# keep another device, name it in a file of a higher number, as
# /etc/udev/rules.d/62-mine.rules:
# ACTION=="add", SUBSYSTEM=="usb", ATTR{idVendor}=="1d6b", ATTR{idProduct}=="0104", ATTR{authorized}="1"
` + usb.Rules(sync)
}

// users are the kiosk's and the groups of its devices; never the group disk.
//
// Source: sysusers.d(5).
const users = `# Written by kiosk install
u badge-kiosk - "Badge kiosk" /var/lib/badge-kiosk
m badge-kiosk spi
m badge-kiosk gpio
m badge-kiosk video
m badge-kiosk input
m badge-kiosk dialout
m badge-kiosk audio
`
