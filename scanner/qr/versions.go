package qr

// Dimensions of a symbol, in modules (ISO/IEC 18004:2015, 5.3.1).
const (
	minVersion = 1
	maxVersion = 40
	minModules = 21  // version 1
	maxModules = 177 // version 40
	// finderSize is a finder pattern's side, finderMid its centre.
	finderSize = 7
	finderMid  = 3.5
	// firstVersionInfo is the first version whose symbols say their version.
	firstVersionInfo = 7
)

func dimension(version int) int { return 17 + 4*version }

// A level is an error correction level, as the two bits of the format
// information (Table 12).
type level int

const (
	levelM level = iota
	levelL
	levelH
	levelQ
)

// blocks says how codewords are divided into blocks for error correction:
// ec error correction codewords in each of n blocks.
type blocks struct{ ec, n int }

// A versionInfo is a row of Tables 7 and 9 and of Annex E.
type versionInfo struct {
	codewords int
	ecc       [4]blocks // by error correction level: L, M, Q, H
	// alignment are the centre coordinates of alignment patterns, in modules
	// from the left and from the top.
	alignment []int
}

func (v *versionInfo) blocks(l level) blocks {
	return v.ecc[[...]int{levelL: 0, levelM: 1, levelQ: 2, levelH: 3}[l]]
}

// versions holds version v at index v-1.
//
// Source: ISO/IEC 18004:2015, Tables 7 and 9, Annex E.
var versions = [maxVersion]versionInfo{
	{26, [4]blocks{{7, 1}, {10, 1}, {13, 1}, {17, 1}}, nil},
	{44, [4]blocks{{10, 1}, {16, 1}, {22, 1}, {28, 1}}, []int{6, 18}},
	{70, [4]blocks{{15, 1}, {26, 1}, {18, 2}, {22, 2}}, []int{6, 22}},
	{100, [4]blocks{{20, 1}, {18, 2}, {26, 2}, {16, 4}}, []int{6, 26}},
	{134, [4]blocks{{26, 1}, {24, 2}, {18, 4}, {22, 4}}, []int{6, 30}},
	{172, [4]blocks{{18, 2}, {16, 4}, {24, 4}, {28, 4}}, []int{6, 34}},
	{196, [4]blocks{{20, 2}, {18, 4}, {18, 6}, {26, 5}}, []int{6, 22, 38}},
	{242, [4]blocks{{24, 2}, {22, 4}, {22, 6}, {26, 6}}, []int{6, 24, 42}},
	{292, [4]blocks{{30, 2}, {22, 5}, {20, 8}, {24, 8}}, []int{6, 26, 46}},
	{346, [4]blocks{{18, 4}, {26, 5}, {24, 8}, {28, 8}}, []int{6, 28, 50}},
	{404, [4]blocks{{20, 4}, {30, 5}, {28, 8}, {24, 11}}, []int{6, 30, 54}},
	{466, [4]blocks{{24, 4}, {22, 8}, {26, 10}, {28, 11}}, []int{6, 32, 58}},
	{532, [4]blocks{{26, 4}, {22, 9}, {24, 12}, {22, 16}}, []int{6, 34, 62}},
	{581, [4]blocks{{30, 4}, {24, 9}, {20, 16}, {24, 16}}, []int{6, 26, 46, 66}},
	{655, [4]blocks{{22, 6}, {24, 10}, {30, 12}, {24, 18}}, []int{6, 26, 48, 70}},
	{733, [4]blocks{{24, 6}, {28, 10}, {24, 17}, {30, 16}}, []int{6, 26, 50, 74}},
	{815, [4]blocks{{28, 6}, {28, 11}, {28, 16}, {28, 19}}, []int{6, 30, 54, 78}},
	{901, [4]blocks{{30, 6}, {26, 13}, {28, 18}, {28, 21}}, []int{6, 30, 56, 82}},
	{991, [4]blocks{{28, 7}, {26, 14}, {26, 21}, {26, 25}}, []int{6, 30, 58, 86}},
	{1085, [4]blocks{{28, 8}, {26, 16}, {30, 20}, {28, 25}}, []int{6, 34, 62, 90}},
	{1156, [4]blocks{{28, 8}, {26, 17}, {28, 23}, {30, 25}}, []int{6, 28, 50, 72, 94}},
	{1258, [4]blocks{{28, 9}, {28, 17}, {30, 23}, {24, 34}}, []int{6, 26, 50, 74, 98}},
	{1364, [4]blocks{{30, 9}, {28, 18}, {30, 25}, {30, 30}}, []int{6, 30, 54, 78, 102}},
	{1474, [4]blocks{{30, 10}, {28, 20}, {30, 27}, {30, 32}}, []int{6, 28, 54, 80, 106}},
	{1588, [4]blocks{{26, 12}, {28, 21}, {30, 29}, {30, 35}}, []int{6, 32, 58, 84, 110}},
	{1706, [4]blocks{{28, 12}, {28, 23}, {28, 34}, {30, 37}}, []int{6, 30, 58, 86, 114}},
	{1828, [4]blocks{{30, 12}, {28, 25}, {30, 34}, {30, 40}}, []int{6, 34, 62, 90, 118}},
	{1921, [4]blocks{{30, 13}, {28, 26}, {30, 35}, {30, 42}}, []int{6, 26, 50, 74, 98, 122}},
	{2051, [4]blocks{{30, 14}, {28, 28}, {30, 38}, {30, 45}}, []int{6, 30, 54, 78, 102, 126}},
	{2185, [4]blocks{{30, 15}, {28, 29}, {30, 40}, {30, 48}}, []int{6, 26, 52, 78, 104, 130}},
	{2323, [4]blocks{{30, 16}, {28, 31}, {30, 43}, {30, 51}}, []int{6, 30, 56, 82, 108, 134}},
	{2465, [4]blocks{{30, 17}, {28, 33}, {30, 45}, {30, 54}}, []int{6, 34, 60, 86, 112, 138}},
	{2611, [4]blocks{{30, 18}, {28, 35}, {30, 48}, {30, 57}}, []int{6, 30, 58, 86, 114, 142}},
	{2761, [4]blocks{{30, 19}, {28, 37}, {30, 51}, {30, 60}}, []int{6, 34, 62, 90, 118, 146}},
	{2876, [4]blocks{{30, 19}, {28, 38}, {30, 53}, {30, 63}}, []int{6, 30, 54, 78, 102, 126, 150}},
	{3034, [4]blocks{{30, 20}, {28, 40}, {30, 56}, {30, 66}}, []int{6, 24, 50, 76, 102, 128, 154}},
	{3196, [4]blocks{{30, 21}, {28, 43}, {30, 59}, {30, 70}}, []int{6, 28, 54, 80, 106, 132, 158}},
	{3362, [4]blocks{{30, 22}, {28, 45}, {30, 62}, {30, 74}}, []int{6, 32, 58, 84, 110, 136, 162}},
	{3532, [4]blocks{{30, 24}, {28, 47}, {30, 65}, {30, 77}}, []int{6, 26, 54, 82, 110, 138, 166}},
	{3706, [4]blocks{{30, 25}, {28, 49}, {30, 68}, {30, 81}}, []int{6, 30, 58, 86, 114, 142, 170}},
}
