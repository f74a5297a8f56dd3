package reason

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestListIsWhole holds that every constant has exactly one line in All.
func TestListIsWhole(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "reason.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	listed := map[Code]int{}
	for _, e := range All {
		listed[e.Code]++
		if e.Says == "" || e.Axis == "" {
			t.Errorf("%s lacks an axis or words", e.Code)
		}
	}
	n := 0
	ast.Inspect(file, func(node ast.Node) bool {
		lit, ok := node.(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING {
			return true
		}
		s, _ := strconv.Unquote(lit.Value)
		if len(s) > 2 && s[1] == '-' && s == strings.ToUpper(s) {
			n++
			if listed[Code(s)] != 1 {
				t.Errorf("%s stands %d times in All, want once", s, listed[Code(s)])
			}
		}
		return true
	})
	if n != len(All) {
		t.Errorf("%d constants, %d lines in All", n, len(All))
	}
}

// TestAllIsSortedByEffect holds the promise that All runs gravest first,
// for the effects that a badge can have.
func TestAllIsSortedByEffect(t *testing.T) {
	last := NotVerified
	for _, e := range All {
		if e.Effect == Refused {
			continue
		}
		if e.Effect > last {
			t.Errorf("%s is graver than a line above it", e.Code)
		}
		last = e.Effect
	}
}

func TestSort(t *testing.T) {
	got := Sort([]Code{BUnsealed, RNone, TExpired, SInvalid, RNone})
	want := []Code{SInvalid, TExpired, RNone, BUnsealed}
	if !slices.Equal(got, want) {
		t.Errorf("Sort = %v, want %v", got, want)
	}
}

func TestCodeOf(t *testing.T) {
	err := fmt.Errorf("list 7: %w", Errorf(RBadList, "too short"))
	if got := CodeOf(err, SMalformed); got != RBadList {
		t.Errorf("CodeOf = %s, want %s", got, RBadList)
	}
	if got := CodeOf(errors.New("plain"), SMalformed); got != SMalformed {
		t.Errorf("CodeOf(plain) = %s, want %s", got, SMalformed)
	}
}
