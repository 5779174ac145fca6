package publish

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"time"

	"github.com/google/renameio/v2"
	"github.com/klauspost/compress/gzip"
)

// gzipExtension ends the name of the compressed file beside a file.
const gzipExtension = ".gz"

// compressed reports whether a file gets a .gz beside it: what is polled (feeds, JSON) and what partner pages
// load (embeds).
func compressed(name string) bool {
	switch path.Ext(name) {
	case ".xml", ".atom", ".json":
		return true
	}
	return strings.HasPrefix(name, "embed/") || name == "embed.js"
}

// replace makes content the content of a file, and reports whether it was not so before.
func (w *writer) replace(name string, content []byte) (changed bool, err error) {
	same, err := holds(w.root, name, content)
	if err != nil || same {
		return false, err
	}
	folder := path.Dir(name)
	if err := w.root.MkdirAll(folder, 0o755); err != nil {
		return false, err
	}
	w.touch(folder)
	return true, swap(w.root, name, content)
}

// open opens a published file. Where there is none the file is nil, and so is the error.
func open(root *os.Root, name string) (*os.File, fs.FileInfo, error) {
	file, err := root.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	info, err := file.Stat()
	if err != nil {
		return nil, nil, errors.Join(err, file.Close())
	}
	return file, info, nil
}

// holds reports whether a file is there and holds just that content.
func holds(root *os.Root, name string, content []byte) (bool, error) {
	file, info, err := open(root, name)
	if file == nil {
		return false, err
	}
	defer file.Close()
	if !info.Mode().IsRegular() || info.Size() != int64(len(content)) {
		return false, nil
	}
	old, err := io.ReadAll(io.LimitReader(file, info.Size()))
	return bytes.Equal(old, content), err
}

// swap writes content to a file in the same folder, syncs it, and renames it over the old one. The folder is
// opened as a root of its own because renameio puts its file at the top of the root that it is given.
func swap(root *os.Root, name string, content []byte) (err error) {
	folder, err := root.OpenRoot(path.Dir(name))
	if err != nil {
		return err
	}
	defer folder.Close()
	file, err := renameio.NewPendingFile(path.Base(name), renameio.WithRoot(folder), renameio.WithStaticPermissions(0o644))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Cleanup()) }()
	if _, err := file.Write(content); err != nil {
		return err
	}
	return file.CloseAtomicallyReplace()
}

func syncFolder(root *os.Root, name string) error {
	folder, err := root.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// putGzip brings the compressed file into step with the buffer. Where the plain file did not change, the
// checksum and length at the end of the compressed one tell whether it is, without compressing again: a
// publication of thousands of unchanged feeds is most of all this check.
func (w *writer) putGzip(name string, changed bool) (bool, error) {
	if !changed {
		inStep, err := gzipOf(w.root, name, w.buffer.Bytes())
		if err != nil || inStep {
			return false, err
		}
	}
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	z.ModTime = time.Unix(0, 0) // means none (RFC 1952 section 2.3.1); the zero Time would be written as one in 2042
	_, err := z.Write(w.buffer.Bytes())
	if err := errors.Join(err, z.Close()); err != nil {
		return false, err
	}
	return w.replace(name, zipped.Bytes())
}

// gzipTrailer is the length of the CRC-32 and the size that end a gzip file (RFC 1952 section 2.3.1).
const gzipTrailer = 8

// gzipOf reports whether a compressed file is there and was made of that content, by its trailer.
func gzipOf(root *os.Root, name string, content []byte) (bool, error) {
	file, info, err := open(root, name)
	if file == nil {
		return false, err
	}
	defer file.Close()
	if info.Size() < gzipTrailer {
		return false, nil
	}
	var trailer [gzipTrailer]byte
	if _, err := file.ReadAt(trailer[:], info.Size()-gzipTrailer); err != nil {
		return false, err
	}
	sum, size := binary.LittleEndian.Uint32(trailer[:4]), binary.LittleEndian.Uint32(trailer[4:])
	return sum == crc32.ChecksumIEEE(content) && size == uint32(len(content)), nil
}
