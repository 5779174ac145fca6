//go:build linux || darwin

package main

import (
	"fmt"
	"syscall"
)

// diskSpace returns what is free on the disk that holds path for those who are not root, and its size, in bytes.
func diskSpace(path string) (free, size int64, err error) {
	var disk syscall.Statfs_t
	if err := syscall.Statfs(path, &disk); err != nil {
		return 0, 0, fmt.Errorf("look at the disk of %s: %w", path, err)
	}
	return int64(disk.Bavail) * int64(disk.Bsize), int64(disk.Blocks) * int64(disk.Bsize), nil
}

// writable is an error where this user may not write to path, or it lies on a disk that is read-only.
func writable(path string) error {
	const write = 2 // W_OK of access(2)
	return syscall.Access(path, write)
}
