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
	0x890b:     {"change", "the ways through the network", true},           // SIOCADDRT
	0x890c:     {"change", "the ways through the network", true},           // SIOCDELRT
	0x8914:     {"change", "a network connection of this machine", true},   // SIOCSIFFLAGS
	0x8916:     {"change", "a network address of this machine", true},      // SIOCSIFADDR
	0x891c:     {"change", "a network address of this machine", true},      // SIOCSIFNETMASK
	0x8924:     {"change", "a network address of this machine", true},      // SIOCSIFHWADDR
	0x8923:     {"rename", "a network connection of this machine", true},   // SIOCSIFNAME
	0x8946:     {"change", "how a network card works", true},               // SIOCETHTOOL
	0x8953:     {"delete", "an entry of the list of neighbours", true},     // SIOCDARP
	0x8955:     {"change", "an entry of the list of neighbours", true},     // SIOCSARP
	0x89a0:     {"create", "a bridge between networks", true},              // SIOCBRADDBR
	0x89a1:     {"delete", "a bridge between networks", true},              // SIOCBRDELBR
	0x89a2:     {"change", "a bridge between networks", true},              // SIOCBRADDIF
}

// notifiedCommands are the numbers in a fixed order, so that the filter is the
// same every time.
func notifiedCommands() []uint32 {
	var out []uint32
	for n := range Commands {
		out = append(out, n)
	}
	slices.Sort(out)
	return out
}
