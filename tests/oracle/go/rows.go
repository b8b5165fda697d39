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
	ident  = regexp.MustCompile(`^[\pL_][\pL\pN_]*$`)
	colon  = regexp.MustCompile(`^(?:[ \t\r\n]|//[^\n]*\n|/\*(?s:.*?)\*/)*:(?:[^=]|$)`)
)

// The name that a package has by its path.
func packageName(path string) string {
	if found := major.FindStringSubmatch(path); found != nil {
		path = found[1]
	} else if found := gopkg.FindStringSubmatch(path); found != nil {
		path = found[1]
	}
	name := path[strings.LastIndex(path, "/")+1:]
	if !ident.MatchString(name) || name == "_" {
		return ""
	}
	return name
}

// What is used of imported packages whose names the file uses for nothing else.
func (s *source) uses() []row {
	paths, other := map[string]string{}, map[string]bool{}
	s.imports(func(_, _ token.Pos, row row) {
		path := row[1].(string)
		name, _ := row[3].(string)
		if name == "" && row[2] == nil {
			name = packageName(path)
		}
		if known, ok := paths[name]; ok && known != path {
			other[name] = true
		}
		paths[name] = path
	})
	delete(paths, "")
	delete(paths, "_")
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
					if _, known := paths[name.Name]; known {
						selected = append(selected, inner)
					}
				} else {
					visit(&ast.ParenExpr{X: inner.X}, inType)
				}
				return false
			case *ast.Ident:
				if _, known := paths[inner.Name]; known && !inType && !colon.Match(s.bytes[s.offset(inner.End()):]) {
					other[inner.Name] = true
				}
			}
			return true
		})
	}
	for _, decl := range s.file.Decls {
		visit(&ast.File{Name: ast.NewIdent("_"), Decls: []ast.Decl{decl}}, false)
	}
	rows, starts := []row{}, map[int]int{}
	sort.SliceStable(selected, func(left, right int) bool { return selected[left].Pos() < selected[right].Pos() })
	for _, use := range selected {
		name := use.X.(*ast.Ident)
		// that the parser resolves it to nothing in the file is the proof that it means the package
		if !other[name.Name] && unresolved[name] && starts[s.offset(use.Pos())] == 0 {
			starts[s.offset(use.Pos())] = 1
			rows = append(rows, row{"attribute", paths[name.Name], use.Sel.Name, nil, 0, s.line(use.Pos()), s.line(use.Sel.Pos())})
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
