package unotify

import "slices"

// Command is what one ioctl(2) request that is handed over would change. The
// descriptor that it works on may be open for reading alone.
type Command struct {
	Verb   string
	Object string // in plain words
	Net    bool   // about the network, else about disks and files
}

// Commands are the requests that are handed over, by number. Sources: linux/fs.h,
// loop.h, hdreg.h, nvme_ioctl.h, sockios.h, btrfs.h and scsi/sg.h; the numbers are
// the same on both architectures.
var Commands = map[uint32]Command{
	0x40086602: {"change", "the marks that guard a file", false},           // FS_IOC_SETFLAGS
	0x401c5820: {"change", "the marks that guard a file", false},           // FS_IOC_FSSETXATTR
	0x2285:     {"write", "a disk, past the files on it", false},           // SG_IO
	0xc0484e41: {"write", "a disk, past the files on it", false},           // NVME_IOCTL_ADMIN_CMD
	0xc0484e43: {"write", "a disk, past the files on it", false},           // NVME_IOCTL_IO_CMD
	0x402c4e42: {"write", "a disk, past the files on it", false},           // NVME_IOCTL_SUBMIT_IO
	0xc0504e47: {"write", "a disk, past the files on it", false},           // NVME_IOCTL_ADMIN64_CMD
	0xc0504e48: {"write", "a disk, past the files on it", false},           // NVME_IOCTL_IO64_CMD
	0x031f:     {"write", "a disk, past the files on it", false},           // HDIO_DRIVE_CMD
	0x031d:     {"write", "a disk, past the files on it", false},           // HDIO_DRIVE_TASKFILE
	0x4c00:     {"mount", "a file as if it were a disk", false},            // LOOP_SET_FD
	0x4c0a:     {"mount", "a file as if it were a disk", false},            // LOOP_CONFIGURE
	0x5000940f: {"delete", "a part of a file system (a subvolume)", false}, // BTRFS_IOC_SNAP_DESTROY
	0x5000943f: {"delete", "a part of a file system (a subvolume)", false}, // BTRFS_IOC_SNAP_DESTROY_V2
	0x8004587d: {"stop", "a file system", false},                           // FS_IOC_SHUTDOWN
	0xc0045877: {"stop", "all writing to a file system", false},            // FIFREEZE
	0x125e:     {"change", "who may write to a disk", false},               // BLKROSET is 0x125d
	0x125d:     {"change", "who may write to a disk", false},               // BLKROSET
	0x125f:     {"change", "which parts a disk has", false},                // BLKRRPART
	0x1269:     {"change", "which parts a disk has", false},                // BLKPG
	0x40806685: {"lock", "a file, against every change", false},            // FS_IOC_ENABLE_VERITY
	0x41009432: {"change", "the name of a file system", false},             // FS_IOC_SETFSLABEL
	0x40086610: {"change", "the size of a file system", false},             // EXT4_IOC_RESIZE_FS
	0xc038586b: {"open", "a file past all names", false},                   // XFS_IOC_OPEN_BY_HANDLE
	0x50009401: {"create", "a part of a file system (a subvolume)", false}, // BTRFS_IOC_SNAP_CREATE
	0x5000940e: {"create", "a part of a file system (a subvolume)", false}, // BTRFS_IOC_SUBVOL_CREATE
	0x50009417: {"create", "a part of a file system (a subvolume)", false}, // BTRFS_IOC_SNAP_CREATE_V2
	0x50009418: {"create", "a part of a file system (a subvolume)", false}, // BTRFS_IOC_SUBVOL_CREATE_V2
	0x4008941a: {"change", "a part of a file system (a subvolume)", false}, // BTRFS_IOC_SUBVOL_SETFLAGS
	0x031e:     {"write", "a disk, past the files on it", false},           // HDIO_DRIVE_TASK
	0x0001:     {"write", "a disk, past the files on it", false},           // SCSI_IOCTL_SEND_COMMAND
	0x4c01:     {"unmount", "a file that was used as a disk", false},       // LOOP_CLR_FD
	0x4c06:     {"mount", "a file as if it were a disk", false},            // LOOP_CHANGE_FD
	0xab00:     {"mount", "a disk of another machine", false},              // NBD_SET_SOCK
	0xc138fd03: {"create", "a disk that is made of others", false},         // DM_DEV_CREATE
	0xc138fd01: {"delete", "all disks that are made of others", false},     // DM_REMOVE_ALL
	0xc138fd04: {"delete", "a disk that is made of others", false},         // DM_DEV_REMOVE
	0xc138fd06: {"stop", "a disk that is made of others", false},           // DM_DEV_SUSPEND
	0xc138fd09: {"change", "what a disk is made of", false},                // DM_TABLE_LOAD
	0x0932:     {"stop", "a disk that is made of others", false},           // STOP_ARRAY
	0x4024700a: {"change", "the clock of this machine", false},             // RTC_SET_TIME
	0x8028690d: {"change", "the machine by its own controller", false},     // IPMICTL_SEND_COMMAND
	0x4b47:     {"change", "what keys of this machine mean", false},        // KDSKBENT
	0x4b49:     {"change", "what keys of this machine mean", false},        // KDSKBSENT
	0x890b:     {"change", "the ways through the network", true},           // SIOCADDRT
	0x890c:     {"change", "the ways through the network", true},           // SIOCDELRT
	0x8914:     {"change", "a network connection of this machine", true},   // SIOCSIFFLAGS
	0x8916:     {"change", "a network address of this machine", true},      // SIOCSIFADDR
	0x891c:     {"change", "a network address of this machine", true},      // SIOCSIFNETMASK
	0x8924:     {"change", "a network address of this machine", true},      // SIOCSIFHWADDR
	0x8918:     {"change", "a network address of this machine", true},      // SIOCSIFDSTADDR
	0x891a:     {"change", "a network address of this machine", true},      // SIOCSIFBRDADDR
	0x891e:     {"change", "a network connection of this machine", true},   // SIOCSIFMETRIC
	0x8922:     {"change", "a network connection of this machine", true},   // SIOCSIFMTU
	0x8930:     {"change", "a network connection of this machine", true},   // SIOCSIFSLAVE
	0x8931:     {"change", "a network connection of this machine", true},   // SIOCADDMULTI
	0x8932:     {"change", "a network connection of this machine", true},   // SIOCDELMULTI
	0x8934:     {"change", "a network connection of this machine", true},   // SIOCSIFPFLAGS
	0x8936:     {"delete", "a network address of this machine", true},      // SIOCDIFADDR
	0x8937:     {"change", "a network address of this machine", true},      // SIOCSIFHWBROADCAST
	0x8943:     {"change", "a network connection of this machine", true},   // SIOCSIFTXQLEN
	0x8949:     {"change", "how a network card works", true},               // SIOCSMIIREG
	0x8971:     {"change", "how a network card works", true},               // SIOCSIFMAP
	0x8983:     {"change", "a network connection of this machine", true},   // SIOCSIFVLAN
	0x8990:     {"change", "how network cards work together", true},        // SIOCBONDENSLAVE
	0x8991:     {"change", "how network cards work together", true},        // SIOCBONDRELEASE
	0x8992:     {"change", "how network cards work together", true},        // SIOCBONDSETHWADDR
	0x8995:     {"change", "how network cards work together", true},        // SIOCBONDCHANGEACTIVE
	0x89a3:     {"change", "a bridge between networks", true},              // SIOCBRDELIF
	0x89b0:     {"change", "how a network card works", true},               // SIOCSHWTSTAMP
	0x89f1:     {"create", "a tunnel to another network", true},            // SIOCADDTUNNEL
	0x89f2:     {"delete", "a tunnel to another network", true},            // SIOCDELTUNNEL
	0x89f3:     {"change", "a tunnel to another network", true},            // SIOCCHGTUNNEL
	0x8923:     {"rename", "a network connection of this machine", true},   // SIOCSIFNAME
	0x8946:     {"change", "how a network card works", true},               // SIOCETHTOOL
	0x8953:     {"delete", "an entry of the list of neighbours", true},     // SIOCDARP
	0x8955:     {"change", "an entry of the list of neighbours", true},     // SIOCSARP
	0x89a0:     {"create", "a bridge between networks", true},              // SIOCBRADDBR
	0x89a1:     {"delete", "a bridge between networks", true},              // SIOCBRDELBR
	0x89a2:     {"change", "a bridge between networks", true},              // SIOCBRADDIF
}

// Terminals are the requests that change a terminal though it may be open for
// reading alone, with how many bytes lie behind the pointer; 0: the argument is
// the value. Some draw on it: what flow control sends can be chosen. See
// ioctl_tty(2).
var Terminals = map[uint32]int{
	0x5402: 36, 0x5403: 36, 0x5404: 36, // TCSETS, TCSETSW, TCSETSF
	0x5406: 18, 0x5407: 18, 0x5408: 18, // TCSETA, TCSETAW, TCSETAF
	0x402c542b: 44, 0x402c542c: 44, 0x402c542d: 44, // TCSETS2, TCSETSW2, TCSETSF2
	0x5409: 0, 0x5425: 0, // TCSBRK, TCSBRKP
	0x540a: 0, 0x540b: 0, // TCXONC, TCFLSH
	0x540c: 0, 0x540d: 0, // TIOCEXCL, TIOCNXCL
	0x5414: 8,                       // TIOCSWINSZ
	0x5416: 4, 0x5417: 4, 0x5418: 4, // TIOCMBIS, TIOCMBIC, TIOCMSET
	0x5457: 36, // TIOCSLCKTRMIOS
}

// notifiedCommands are the numbers in a fixed order, so that the filter is the
// same every time.
func notifiedCommands() []uint32 {
	var out []uint32
	for n := range Commands {
		out = append(out, n)
	}
	for n := range Terminals {
		out = append(out, n)
	}
	slices.Sort(out)
	return out
}
