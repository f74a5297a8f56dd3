package baked

import (
	"runtime"
	"strings"
	"testing"

	"badgekiosk/verify/reason"
)

// TestSVGMemory: no file of 1 MB makes the reader take more than 16 MB, also
// of what it lets go at once, whatever its markup.
func TestSVGMemory(t *testing.T) {
	const size, most = 1 << 20, 16 << 20
	tag := func(attributes int, a string) string { return "<a" + strings.Repeat(" "+a, attributes) + "/>" }
	for _, unit := range []string{"<a/>", "<ab/>", "<a></a>", tag(1, `b=""`), tag(1, `xmlns:b="c"`), tag(5, `bc="de"`), tag(100, `bc="de"`), tag(16_000, `b=""`), "<!---->", "<![CDATA[]]>", "<?a?>", "&lt;", "text "} {
		marks := strings.Count(unit, "<") + strings.Count(unit, "=")
		units := size / len(unit)
		if marks > 0 {
			units = min(units, (MaxMarks-2)/marks)
		}
		in := "<svg>" + strings.Repeat(unit, units)
		in += strings.Repeat(" ", max(0, size-len(in))) + "</svg>"
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := SVG([]byte(in))
		runtime.ReadMemStats(&after)
		taken := after.TotalAlloc - before.TotalAlloc - uint64(len(in)) // the test's own copy
		t.Logf("%.20q: %d kB, %v", unit, taken>>10, err)
		if reason.CodeOf(err, "") != reason.QNotBadge || taken > most {
			t.Errorf("%.20q takes %d kB: %v", unit, taken>>10, err)
		}
	}
}
