package qr

import "math"

// A homography maps places in a symbol, in modules from its top left corner,
// to places in the picture, as a pinhole camera sees a plane:
//
//	x = (a u + b v + c) / (g u + h v + 1),  y = (d u + e v + f) / (g u + h v + 1)
type homography struct{ a, b, c, d, e, f, g, h float64 }

func (m *homography) at(u, v float64) point {
	w := 1 / (m.g*u + m.h*v + 1)
	return point{(m.a*u + m.b*v + m.c) * w, (m.d*u + m.e*v + m.f) * w}
}

// steps returns how far one module to the right and one down reach at (u, v).
func (m *homography) steps(u, v float64) (right, down point) {
	w := 1 / (m.g*u + m.h*v + 1)
	p := m.at(u, v)
	return point{(m.a - m.g*p.x) * w, (m.d - m.g*p.y) * w}, point{(m.b - m.h*p.x) * w, (m.e - m.h*p.y) * w}
}

// fromFinders maps the three finder centres, which are apart modules from
// each other, to where they were found. Tilt is by how much the modules are
// larger at the top left finder than at the top right and bottom left ones.
func fromFinders(topLeft, topRight, bottomLeft point, apart float64, tilt point) homography {
	g, h := tilt.x/apart, tilt.y/apart
	a := topRight.mul(1 + tilt.x).sub(topLeft).mul(1 / apart)
	b := bottomLeft.mul(1 + tilt.y).sub(topLeft).mul(1 / apart)
	// this is relative to the top left finder's centre; move the origin
	c := topLeft.along(a, b, -finderMid, -finderMid)
	k := 1 / (1 - finderMid*g - finderMid*h)
	return homography{a.x * k, b.x * k, c.x * k, a.y * k, b.y * k, c.y * k, g * k, h * k}
}

// A match pairs a place in the symbol with one in the picture.
type match struct {
	u, v   float64
	p      point
	weight float64
}

// fitHomography returns the homography that matches agree on best, by
// weighted linear least squares in coordinates about 1 in size.
func fitHomography(ms []match, dim float64) (homography, bool) {
	scale := 1 / dim
	var mid point
	for _, m := range ms {
		mid = mid.add(m.p.mul(1 / float64(len(ms))))
	}
	far := 0.0
	for _, m := range ms {
		far += m.p.sub(mid).length()
	}
	if far == 0 {
		return homography{}, false
	}
	zoom := float64(len(ms)) / far
	var eq equations
	for _, m := range ms {
		u, v, p := m.u*scale, m.v*scale, m.p.sub(mid).mul(zoom)
		eq.add(m.weight, p.x, u, v, 1, 0, 0, 0, -u*p.x, -v*p.x)
		eq.add(m.weight, p.y, 0, 0, 0, u, v, 1, -u*p.y, -v*p.y)
	}
	x, ok := eq.solve(8)
	if !ok {
		return homography{}, false
	}
	g, h := x[6]*scale, x[7]*scale
	return homography{
		x[0]*scale/zoom + mid.x*g, x[1]*scale/zoom + mid.x*h, x[2]/zoom + mid.x,
		x[3]*scale/zoom + mid.y*g, x[4]*scale/zoom + mid.y*h, x[5]/zoom + mid.y, g, h}, true
}

// maxUnknowns is the largest system that equations solve.
const maxUnknowns = weights

// equations gather linear equations for a least squares solution.
type equations [maxUnknowns][maxUnknowns + 1]float64

// add adds weight times the equation: the sum of factor[i] x[i] is value.
func (e *equations) add(weight, value float64, factor ...float64) {
	n := len(factor)
	for i, a := range factor {
		if a == 0 {
			continue
		}
		a *= weight
		row := &e[i]
		for j := i; j < n; j++ {
			row[j] += a * factor[j]
		}
		row[maxUnknowns] += a * value
	}
}

// solve returns the n unknowns (Cholesky's method: the normal equations are
// symmetric), or false if the equations do not determine them.
func (e *equations) solve(n int) (x [maxUnknowns]float64, ok bool) {
	for i := range n {
		for k := range i {
			f := e[k][i] / e[k][k]
			for j := i; j < n; j++ {
				e[i][j] -= f * e[k][j]
			}
			e[i][maxUnknowns] -= f * e[k][maxUnknowns]
		}
		if !(e[i][i] > 1e-12) || math.IsInf(e[i][i], 0) {
			return x, false
		}
	}
	for i := n - 1; i >= 0; i-- {
		v := e[i][maxUnknowns]
		for j := i + 1; j < n; j++ {
			v -= e[i][j] * x[j]
		}
		x[i] = v / e[i][i]
	}
	return x, true
}
