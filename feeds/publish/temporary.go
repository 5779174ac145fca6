package publish

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"syscall"
)

// temporary is a file that is written, synced and then renamed to where it belongs. It lies at the top of the output folder,
// where one that a killed run left is found again without looking through all folders.
type temporary struct {
	root   *os.Root
	file   *os.File
	name   string // empty once it is where it belongs
	target string
}

// temporaryPattern is what temporary files are called; nobody else calls a file so. Servers show no file whose name begins
// with a dot.
const temporaryPattern = `^\.finews-[0-9a-f]{16}\.tmp$`

// newTemporary makes a file of that content for the name target.
func newTemporary(root *os.Root, target string, content []byte) (*temporary, error) {
	t := &temporary{root: root, name: fmt.Sprintf(".finews-%016x.tmp", rand.Uint64()), target: target}
	var err error
	if t.file, err = root.OpenFile(t.name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644); err != nil {
		return nil, err
	}
	_, err = t.file.Write(content)
	if err = errors.Join(err, t.file.Chmod(0o644)); err != nil { // a web server reads it, whatever the umask is
		return nil, errors.Join(err, t.discard())
	}
	return t, nil
}

// sync brings the content to the disk, and closes the file.
func (t *temporary) sync() error {
	return errors.Join(t.file.Sync(), t.file.Close())
}

// place renames the file, which must be synced, over what is there.
func (t *temporary) place() error {
	err := t.root.Rename(t.name, t.target)
	if errors.Is(err, syscall.EXDEV) {
		return fmt.Errorf("%w: all of the output folder must lie on one disk", err)
	}
	if err == nil {
		t.name = ""
		return nil
	}
	if info, none := t.root.Lstat(t.target); none == nil && info.IsDir() {
		return fmt.Errorf("%w: a folder lies where the file belongs: move it away", err)
	}
	return err
}

// discard removes the file where it is not in its place.
func (t *temporary) discard() error {
	if t.name == "" {
		return nil
	}
	err := t.file.Close()
	if errors.Is(err, fs.ErrClosed) {
		err = nil
	}
	return errors.Join(err, t.root.Remove(t.name))
}
