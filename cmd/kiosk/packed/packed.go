// Package packed keeps a Go value in few bytes, and reads it back from bytes
// that may be hostile.
//
// Nothing says which field a byte belongs to: writer and reader are the same
// program, or a number in front says which form follows. Exported fields
// follow each other as they are declared; integers are varints (as in
// encoding/binary), strings and slices begin with their length, a pointer
// with 0 or 1, a time is seconds, nanoseconds and zone. Anything else is not
// packed at all.
package packed

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"reflect"
	"time"
)

// maxDepth is how deep values may lie in each other.
const maxDepth = 32

// Errors of reading and of writing.
var (
	ErrCut     = errors.New("the packed value ends too early")
	ErrMore    = errors.New("there is more behind the packed value")
	ErrInvalid = errors.New("not a packed value of this type")
	ErrDeep    = errors.New("values lie too deep in each other")
)

var (
	timeType     = reflect.TypeFor[time.Time]()
	errNotPacked = errors.New("values of this kind are not packed")
)

// Append adds v, or what v points to, to dst. Its error is of a type that is
// not packed, or ErrDeep.
func Append(dst []byte, v any) ([]byte, error) {
	return put(dst, reflect.Indirect(reflect.ValueOf(v)), 0)
}

func put(dst []byte, v reflect.Value, depth int) (_ []byte, err error) {
	if depth > maxDepth {
		return dst, ErrDeep
	}
	switch v.Kind() {
	case reflect.Bool:
		if v.Bool() {
			return append(dst, 1), nil
		}
		return append(dst, 0), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return binary.AppendVarint(dst, v.Int()), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return binary.AppendUvarint(dst, v.Uint()), nil
	case reflect.String:
		dst = binary.AppendUvarint(dst, uint64(v.Len()))
		return append(dst, v.String()...), nil
	case reflect.Slice:
		dst = binary.AppendUvarint(dst, uint64(v.Len()))
		return putEach(dst, v, v.Len(), v.Index, depth)
	case reflect.Array:
		return putEach(dst, v, v.Len(), v.Index, depth)
	case reflect.Pointer:
		if v.IsNil() {
			return append(dst, 0), nil
		}
		return put(append(dst, 1), v.Elem(), depth+1)
	case reflect.Struct:
		if v.Type() == timeType {
			return putTime(dst, v.Interface().(time.Time)), nil
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				if dst, err = put(dst, v.Field(i), depth+1); err != nil {
					return dst, err
				}
			}
		}
		return dst, nil
	}
	return dst, fmt.Errorf("%s: %w", v.Type(), errNotPacked)
}

func putEach(dst []byte, v reflect.Value, n int, at func(int) reflect.Value, depth int) (_ []byte, err error) {
	if v.Type().Elem().Kind() == reflect.Uint8 {
		for i := range n {
			dst = append(dst, byte(at(i).Uint()))
		}
		return dst, nil
	}
	for i := range n {
		if dst, err = put(dst, at(i), depth+1); err != nil {
			return dst, err
		}
	}
	return dst, nil
}

// putTime keeps the instant to the nanosecond and the zone's distance from
// UTC; not the zone's name.
func putTime(dst []byte, t time.Time) []byte {
	_, zone := t.Zone()
	dst = binary.AppendVarint(dst, t.Unix())
	dst = binary.AppendUvarint(dst, uint64(t.Nanosecond()))
	return binary.AppendVarint(dst, int64(zone))
}

// Read fills what v points to from all of data. Memory is taken in proportion
// to data, whatever data says. Its errors are the package's.
func Read(data []byte, v any) error {
	r := reader{data: data}
	if err := r.value(reflect.ValueOf(v).Elem(), 0); err != nil {
		return err
	}
	if len(r.data) > 0 {
		return ErrMore
	}
	return nil
}

type reader struct{ data []byte }

func (r *reader) uvarint() (uint64, error) {
	v, n := binary.Uvarint(r.data)
	return v, r.skip(n)
}

func (r *reader) varint() (int64, error) {
	v, n := binary.Varint(r.data)
	return v, r.skip(n)
}

// skip leaves what a varint of n bytes was read from; n is as of
// encoding/binary.
func (r *reader) skip(n int) error {
	switch {
	case n == 0:
		return ErrCut
	case n < 0:
		return ErrInvalid
	case n > 1 && r.data[n-1] == 0: // it could be shorter: each value has one form
		return ErrInvalid
	}
	r.data = r.data[n:]
	return nil
}

// length reads a length that can be true: each element takes a byte or more.
func (r *reader) length() (int, error) {
	n, err := r.uvarint()
	if err == nil && n > uint64(len(r.data)) {
		err = ErrCut
	}
	return int(n), err
}

func (r *reader) value(v reflect.Value, depth int) error {
	if depth > maxDepth {
		return ErrDeep
	}
	switch v.Kind() {
	case reflect.Bool:
		b, err := r.flag()
		v.SetBool(b)
		return err
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		i, err := r.varint()
		if err == nil && v.OverflowInt(i) {
			err = ErrInvalid
		}
		v.SetInt(i)
		return err
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		u, err := r.uvarint()
		if err == nil && v.OverflowUint(u) {
			err = ErrInvalid
		}
		v.SetUint(u)
		return err
	case reflect.String:
		n, err := r.length()
		if err == nil {
			v.SetString(string(r.data[:n]))
			r.data = r.data[n:]
		}
		return err
	case reflect.Slice:
		return r.slice(v, depth)
	case reflect.Array:
		return r.array(v, depth)
	case reflect.Pointer:
		there, err := r.flag()
		if err != nil || !there {
			v.SetZero()
			return err
		}
		v.Set(reflect.New(v.Type().Elem()))
		return r.value(v.Elem(), depth+1)
	case reflect.Struct:
		return r.fields(v, depth)
	}
	return fmt.Errorf("%s: %w", v.Type(), errNotPacked)
}

func (r *reader) flag() (bool, error) {
	if len(r.data) == 0 {
		return false, ErrCut
	}
	b := r.data[0]
	r.data = r.data[1:]
	if b > 1 {
		return false, ErrInvalid
	}
	return b == 1, nil
}

func (r *reader) slice(v reflect.Value, depth int) error {
	n, err := r.length()
	if err != nil || n == 0 {
		v.SetZero()
		return err
	}
	if v.Type().Elem().Kind() == reflect.Uint8 {
		v.SetBytes(append([]byte(nil), r.data[:n]...))
		r.data = r.data[n:]
		return nil
	}
	v.SetZero()
	one := reflect.New(v.Type().Elem()).Elem()
	for range n {
		one.SetZero()
		if err := r.value(one, depth+1); err != nil {
			return err
		}
		v.Set(reflect.Append(v, one))
	}
	return nil
}

func (r *reader) array(v reflect.Value, depth int) error {
	bytes := v.Type().Elem().Kind() == reflect.Uint8
	for i := range v.Len() {
		if bytes {
			if len(r.data) == 0 {
				return ErrCut
			}
			v.Index(i).SetUint(uint64(r.data[0]))
			r.data = r.data[1:]
		} else if err := r.value(v.Index(i), depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) fields(v reflect.Value, depth int) error {
	if v.Type() == timeType {
		t, err := r.time()
		v.Set(reflect.ValueOf(t))
		return err
	}
	for i := range v.NumField() {
		if v.Type().Field(i).IsExported() {
			if err := r.value(v.Field(i), depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// maxZone is how far a time zone may be from UTC, in seconds; RFC 3339 can
// say a day at most.
const maxZone = 24 * 60 * 60

func (r *reader) time() (t time.Time, err error) {
	sec, err := r.varint()
	if err != nil {
		return t, err
	}
	nano, err := r.uvarint()
	if err != nil {
		return t, err
	}
	zone, err := r.varint()
	if err != nil {
		return t, err
	}
	first := time.Time{}.Unix()
	if nano >= uint64(time.Second) || zone > maxZone || zone < -maxZone || sec < first-maxZone || sec > math.MaxInt64/2 {
		return t, ErrInvalid
	}
	t = time.Unix(sec, int64(nano)).UTC()
	if zone != 0 {
		t = t.In(time.FixedZone("", int(zone)))
	}
	return t, nil
}
