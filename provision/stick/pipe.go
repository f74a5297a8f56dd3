package stick

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"badgekiosk/verify/reason"
)

// Contents go from the process that reads a stick to the one that judges them
// as one line of JSON that lists the files, then the bytes of each.

// maxList is the most bytes of the list.
const maxList = 256 << 10

// A listing is that line.
type listing struct {
	Code    reason.Code // why the stick could not be read at all
	Says    string
	Files   []listed
	Systems []listed
	Root    int // bytes of root.json, which comes last
}

type listed struct {
	Name string
	Size int
	Code reason.Code // why it could not be copied
	Says string
}

// maxSays is the most bytes of an error's text that are passed on, and
// maxName of a file's name.
const (
	maxSays = 400
	maxName = 1000
)

// Send writes what a stick held, or why it could not be read.
func Send(w io.Writer, c Contents, fault error) error {
	l := listing{Root: len(c.Root), Files: list(c.Bundles), Systems: list(c.Systems)}
	l.Code, l.Says = told(fault)
	head, err := json.Marshal(l)
	if err != nil {
		return err
	}
	_, err = w.Write(append(head, '\n'))
	for _, f := range slices.Concat(c.Bundles, c.Systems) {
		if err == nil {
			_, err = w.Write(f.Data)
		}
	}
	if err == nil {
		_, err = w.Write(c.Root)
	}
	return err
}

// list says what files are there.
func list(files []File) (all []listed) {
	for _, f := range files {
		e := listed{Name: cut(f.Name, maxName), Size: len(f.Data)}
		e.Code, e.Says = told(f.Err)
		all = append(all, e)
	}
	return all
}

func told(err error) (code reason.Code, says string) {
	if err == nil {
		return "", ""
	}
	if coded := (*reason.Error)(nil); errors.As(err, &coded) {
		return coded.Code, cut(errors.Unwrap(coded).Error(), maxSays)
	}
	return reason.HStick, cut(err.Error(), maxSays)
}

func cut(s string, n int) string { return s[:min(n, len(s))] }

// Receive reads what Send wrote. It trusts the sender with nothing: not with
// sizes, and not to finish. The error is the sender's, or H-STICK.
func Receive(r io.Reader) (c Contents, err error) {
	in := bufio.NewReaderSize(r, maxList)
	head, err := in.ReadSlice('\n')
	if err != nil {
		return c, reason.Errorf(reason.HStick, "the stick could not be read: %w", noEOF(err))
	}
	var l listing
	if err := json.Unmarshal(head, &l); err != nil || len(l.Files) > maxCandidates || len(l.Systems) > maxSystems {
		return c, reason.Errorf(reason.HStick, "what was read of the stick makes no sense: %w", errors.Join(err, errList))
	}
	if l.Code != "" {
		return c, asError(l.Code, l.Says)
	}
	left := MaxTotal
	for _, part := range []struct {
		listed []listed
		files  *[]File
	}{{l.Files, &c.Bundles}, {l.Systems, &c.Systems}} {
		if *part.files, err = receiveAll(in, part.listed, &left); err != nil {
			return Contents{}, err
		}
	}
	if l.Root > 0 {
		c.Root, err = receive(in, l.Root, &left)
	}
	return c, err
}

// receiveAll reads the files that were listed.
func receiveAll(in io.Reader, all []listed, left *int) (files []File, err error) {
	for _, e := range all {
		f := File{Name: e.Name}
		if e.Code != "" {
			f.Err = asError(e.Code, e.Says)
		}
		if f.Data, err = receive(in, e.Size, left); err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	return files, nil
}

var errList = errors.New("a list of files was expected")

// asError is an error that came by the pipe. Only a known code is taken.
func asError(code reason.Code, says string) error {
	if _, ok := reason.Of(code); !ok {
		code = reason.HStick
	}
	return reason.Errorf(code, "%s", says)
}

// receive reads size bytes as they come, so that a size that is a lie takes
// no memory.
func receive(r io.Reader, size int, left *int) ([]byte, error) {
	if size < 0 || size > *left {
		return nil, reason.Errorf(reason.HStick, "a file of %d bytes, of which %d may be read", size, *left)
	}
	*left -= size
	var b bytes.Buffer
	n, err := io.CopyN(&b, r, int64(size))
	if err != nil {
		return nil, reason.Errorf(reason.HStick, "reading the stick ended %s: %w", fmt.Sprintf("after %d of %d bytes", n, size), noEOF(err))
	}
	return b.Bytes(), nil
}
