// Prints what `importgate imports` should print for Go files, as Go's own parser has it.
//
// Reads paths from its input, a line each; prints a JSON object: for each path a list, or null where the parser rejects
// the file. The first argument says of what: rows, statements (first line, last line, row), uses, or spans (first byte,
// byte behind, row).
package main

import (
	"bufio"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"sort"
	"strconv"
	"strings"
)

type row = []any

type source struct {
	bytes []byte
	file  *ast.File
	set   *token.FileSet
}

// A line ends at \n, \r\n or a lone \r, as in reports; Go itself counts \n alone.
func (s *source) line(pos token.Pos) int {
	lines, before := 1, s.bytes[:s.offset(pos)]
	for at, sign := range before {
		if sign == '\n' || (sign == '\r' && (at+1 == len(s.bytes) || s.bytes[at+1] != '\n')) {
			lines++
		}
	}
	return lines
}

func (s *source) offset(pos token.Pos) int {
	return s.set.File(pos).Offset(pos)
}

func orNil(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// The imports: where each statement starts and ends, and its row.
func (s *source) imports(tell func(start, end token.Pos, row row)) {
	for _, decl := range s.file.Decls {
		group, ok := decl.(*ast.GenDecl)
		if !ok || group.Tok != token.IMPORT {
			continue
		}
		for _, spec := range group.Specs {
			spec := spec.(*ast.ImportSpec)
			start := spec.Pos()
			if !group.Lparen.IsValid() {
				start = group.Pos()
			}
			path, _ := strconv.Unquote(spec.Path.Value)
			name, alias := "", ""
			if spec.Name != nil && spec.Name.Name == "." {
				name = "*"
			} else if spec.Name != nil {
				alias = spec.Name.Name
			}
			tell(start, spec.Path.End(), row{"import", path, orNil(name), orNil(alias), 0, s.line(start), s.line(spec.Path.Pos())})
		}
	}
}

var (
	major  = regexp.MustCompile(`^(.*)/v([2-9]|[1-9][0-9]+)$`)
	gopkg  = regexp.MustCompile(`^gopkg\.in/(?:.*/)?([^/]+)\.v[0-9]+$`)
	version = regexp.MustCompile(`^(.+)/(v[0-9]+)$`)
	dressed = regexp.MustCompile(`^(?:go-|golang-)?(.*?)(?:-go|\.go)?$`)
	sign    = regexp.MustCompile(`[^\pL\pN_]`)
	ident  = regexp.MustCompile(`^[\pL_][\pL\pN_]*$`)
	colon  = regexp.MustCompile(`^(?:[ \t\r\n]|//[^\n]*\n|/\*(?s:.*?)\*/)*:(?:[^=]|$)`)
)

// The names that a package may have by its path, the usual one first.
func packageNames(path string) []string {
	names := []string{}
	add := func(name string) {
		known := !ident.MatchString(name) || name == "_"
		for _, other := range names {
			known = known || other == name
		}
		if !known {
			names = append(names, name)
		}
	}
	base := func(path string) string { return path[strings.LastIndex(path, "/")+1:] }
	whole := base(path)
	if found := gopkg.FindStringSubmatch(path); found != nil {
		whole = found[1]
	}
	numbered := version.FindStringSubmatch(path)
	if numbered == nil {
		add(whole)
	} else {
		whole = base(numbered[1])
		if !major.MatchString(path) {
			add(numbered[2])
		}
		add(whole)
	}
	if numbered != nil || !ident.MatchString(whole) {
		bare := dressed.FindStringSubmatch(whole)[1]
		add(bare)
		add(strings.ReplaceAll(bare, "-", ""))
		add(sign.Split(bare, 2)[0])
	}
	if numbered != nil {
		add(numbered[2])
	}
	return names
}

// A package by the name that the file has for it.
type named struct {
	path  string
	other bool
}

// Of several names a package has the one that the file uses, or else the first that no other package has for sure.
func choose(paths []string, names [][]string, used, other map[string]bool) map[string]named {
	packages, done := map[string]named{}, map[int]bool{}
	for round := 1; round <= 3; round++ {
		found := map[int]string{}
		for at := range paths {
			left := []string{}
			for _, name := range names[at] {
				if _, taken := packages[name]; used[name] && !other[name] && !taken {
					left = append(left, name)
				}
			}
			if len(names[at]) == 1 && round == 1 {
				found[at] = names[at][0]
			} else if len(names[at]) > 1 && !done[at] && (round == 2 && len(left) == 1 || round == 3 && len(left) > 0) {
				found[at] = left[0]
			}
		}
		for at, path := range paths {
			name, ok := found[at]
			if !ok {
				continue
			}
			done[at] = true
			known, taken := packages[name]
			packages[name] = named{path, other[name] || taken && (known.other || known.path != path)}
		}
	}
	return packages
}

// What is used of imported packages whose names the file uses for nothing else.
func (s *source) uses() []row {
	paths, names := []string{}, [][]string{}
	known, used, other := map[string]bool{}, map[string]bool{}, map[string]bool{}
	s.imports(func(_, _ token.Pos, row row) {
		path := row[1].(string)
		name, _ := row[3].(string)
		given := []string{name}
		if name == "" {
			given = packageNames(path)
		}
		if row[2] != nil || name == "_" {
			given = nil
		}
		for _, name := range given {
			known[name] = true
		}
		paths, names = append(paths, path), append(names, given)
	})
	unresolved := map[*ast.Ident]bool{}
	for _, ident := range s.file.Unresolved {
		unresolved[ident] = true
	}
	var selected []*ast.SelectorExpr
	var visit func(node ast.Node, inType bool)
	visit = func(node ast.Node, inType bool) {
		ast.Inspect(node, func(inner ast.Node) bool {
			if inner == node {
				return true
			}
			switch inner := inner.(type) {
			case *ast.GenDecl:
				return inner.Tok != token.IMPORT
			case *ast.StructType, *ast.InterfaceType:
				visit(inner, true)
				return false
			case *ast.FuncDecl:
				if inner.Recv == nil {
					return true
				}
				// the name of a method stands for nothing by itself
				nameless := *inner
				nameless.Name = ast.NewIdent("_")
				visit(&nameless, inType)
				return false
			case *ast.LabeledStmt:
				visit(&ast.BlockStmt{List: []ast.Stmt{inner.Stmt}}, inType)
				return false
			case *ast.BranchStmt:
				return false
			case *ast.SelectorExpr:
				if name, ok := inner.X.(*ast.Ident); ok {
					if known[name.Name] {
						selected = append(selected, inner)
						used[name.Name] = true
					}
				} else {
					visit(&ast.ParenExpr{X: inner.X}, inType)
				}
				return false
			case *ast.Ident:
				if known[inner.Name] && !inType && !colon.Match(s.bytes[s.offset(inner.End()):]) {
					other[inner.Name] = true
				}
			}
			return true
		})
	}
	for _, decl := range s.file.Decls {
		visit(&ast.File{Name: ast.NewIdent("_"), Decls: []ast.Decl{decl}}, false)
	}
	packages := choose(paths, names, used, other)
	rows, starts := []row{}, map[int]int{}
	sort.SliceStable(selected, func(left, right int) bool { return selected[left].Pos() < selected[right].Pos() })
	for _, use := range selected {
		name := use.X.(*ast.Ident)
		// that the parser resolves it to nothing in the file is the proof that it means the package
		of, ok := packages[name.Name]
		if ok && !of.other && unresolved[name] && starts[s.offset(use.Pos())] == 0 {
			starts[s.offset(use.Pos())] = 1
			rows = append(rows, row{"attribute", of.path, use.Sel.Name, nil, 0, s.line(use.Pos()), s.line(use.Sel.Pos())})
		}
	}
	return rows
}

func read(path, what string) any {
	bytes, err := os.ReadFile(path)
	if err != nil {
		panic(err)
	}
	mode := parser.SkipObjectResolution
	if what == "uses" {
		mode = 0
	}
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, bytes, mode)
	if err != nil {
		return nil
	}
	s := &source{bytes, file, set}
	if what == "uses" {
		return s.uses()
	}
	found := []row{}
	s.imports(func(start, end token.Pos, one row) {
		switch what {
		case "rows":
			found = append(found, one)
		case "statements":
			found = append(found, row{s.line(start), s.line(end), one})
		case "spans":
			found = append(found, row{s.offset(start), s.offset(end), one})
		}
	})
	return found
}

func main() {
	all := map[string]any{}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		all[lines.Text()] = read(lines.Text(), os.Args[1])
	}
	if err := json.NewEncoder(os.Stdout).Encode(all); err != nil {
		panic(err)
	}
}
