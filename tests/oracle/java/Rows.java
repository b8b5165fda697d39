import com.sun.source.tree.AnnotatedTypeTree;
import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.BreakTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ContinueTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.LabeledStatementTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.ModuleTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.PackageTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TypeParameterTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Prints what `importgate imports` should print for Java files, as the JDK's compiler reads them: paths come on standard
 * input, a line each. Columns, parted by tabs: path, kind, module, name, line, line of the name, last line. A file that
 * has no import has a row with its path alone, one with syntax errors none. With the argument `uses`, the rows are
 * those of kind attribute; the rule of src/lang/jvm/uses.rs is told by the tree instead of the text. With `bound`, the
 * kind of a static import is `static`.
 */
public final class Rows {
    private static final Pattern CLASS_NAME = Pattern.compile("[\\p{L}_$][\\p{L}\\p{N}_$]*(\\.[\\p{L}_$][\\p{L}\\p{N}_$]*)*");
    private static final Set<String> WORDS = Set.of("class", "this", "super", "new");

    public static void main(String[] arguments) throws Exception {
        String what = arguments.length > 0 ? arguments[0] : "imports";
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        var out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            for (String path; (path = in.readLine()) != null; ) {
                List<String> rows = rows(compiler, files, path, what);
                if (rows != null) {
                    out.println(path);
                    rows.forEach(out::println);
                }
            }
        }
        out.flush();
    }

    private static List<String> rows(JavaCompiler compiler, StandardJavaFileManager files, String path, String what)
            throws Exception {
        var errors = new DiagnosticCollector<JavaFileObject>();
        // no -source: warnings of old releases are none of ours
        var task = (JavacTask) compiler.getTask(null, files, errors, List.of("-proc:none"), null,
                files.getJavaFileObjects(path));
        CompilationUnitTree unit = null;
        for (CompilationUnitTree next : task.parse()) {
            unit = next;
        }
        for (Diagnostic<?> error : errors.getDiagnostics()) {
            if (error.getKind() == Diagnostic.Kind.ERROR) {
                return null;
            }
        }
        if (unit == null) {
            return null;
        }
        var walk = new Walk(unit, Trees.instance(task).getSourcePositions(), path, what.equals("bound"));
        if (what.equals("uses")) {
            return walk.uses();
        }
        walk.scan(unit, null);
        walk.rows.sort(Comparator.comparingLong(Row::position));
        // what follows an empty declaration is among the types as well
        return walk.rows.stream().distinct().map(Row::text).toList();
    }

    private record Row(long position, String text) {}

    /** Names that dots join, from the first one on. */
    private record Chain(String first, List<String> rest, long position) {}

    private static final class Walk extends TreeScanner<Void, Void> {
        final CompilationUnitTree unit;
        final SourcePositions places;
        final String path;
        final CharSequence source;
        final boolean tellsStatic;
        final List<Row> rows = new ArrayList<>();
        final List<Chain> chains = new ArrayList<>();
        /** Single names with the name after `::`; those that nothing imports stand alone. */
        final List<Chain> references = new ArrayList<>();
        /** Names that something in the file declares, and those that stand alone. */
        final Set<String> declared = new HashSet<>();
        final Set<String> alone = new HashSet<>();

        Walk(CompilationUnitTree unit, SourcePositions places, String path, boolean tellsStatic) throws IOException {
            this.unit = unit;
            this.source = unit.getSourceFile().getCharContent(true);
            this.places = places;
            this.path = path;
            this.tellsStatic = tellsStatic;
        }

        long start(Tree tree) {
            return places.getStartPosition(unit, tree);
        }

        long end(Tree tree) {
            return places.getEndPosition(unit, tree);
        }

        String text(Tree tree) {
            int start = (int) start(tree);
            int end = (int) end(tree);
            return start < 0 || end < start ? "" : source.subSequence(start, end).toString();
        }

        long line(long position) {
            return unit.getLineMap().getLineNumber(position);
        }

        void row(String kind, String module, String name, long from, long nameAt, long to) {
            String text = String.join("\t", path, kind, module, name == null ? "" : name, "" + line(from),
                    "" + line(nameAt), "" + line(Math.max(from, to - 1)));
            rows.add(new Row(from, text));
        }

        @Override
        public Void visitImport(ImportTree tree, Void nothing) {
            String whole = tree.getQualifiedIdentifier().toString();
            int dot = whole.lastIndexOf('.');
            String last = whole.substring(dot + 1);
            boolean named = tree.isStatic() || last.equals("*");
            long nameAt = named ? end(tree.getQualifiedIdentifier()) - 1 : start(tree.getQualifiedIdentifier());
            String kind = tellsStatic && tree.isStatic() ? "static" : "import";
            row(kind, named ? whole.substring(0, dot) : whole, named ? last : null, start(tree), nameAt, end(tree));
            return null;
        }

        @Override
        public Void visitMethodInvocation(MethodInvocationTree tree, Void nothing) {
            call(tree);
            ExpressionTree method = tree.getMethodSelect();
            scan(tree.getTypeArguments(), null);
            if (!(method instanceof IdentifierTree)) {
                scan(method, null);
            }
            scan(tree.getArguments(), null);
            return null;
        }

        void call(MethodInvocationTree tree) {
            ExpressionTree method = tree.getMethodSelect();
            String name = method instanceof MemberSelectTree member ? member.getIdentifier().toString() : method.toString();
            boolean forName = name.equals("forName");
            if ((!forName && !name.equals("loadClass")) || tree.getArguments().isEmpty() || !tree.getTypeArguments().isEmpty()) {
                return;
            }
            String receiver = method instanceof MemberSelectTree member ? member.getExpression().toString() : "";
            String text = constant(tree.getArguments().get(0));
            if (text == null || (forName && !Set.of("Class", "java.lang.Class").contains(receiver))) {
                return;
            }
            String element = text.replaceFirst("^\\[+", "");
            if (element.length() < text.length() && element.startsWith("L") && element.endsWith(";")) {
                text = element.substring(1, element.length() - 1);
            }
            if (CLASS_NAME.matcher(text).matches()) {
                long from = forName ? start(method) : end(method) - name.length();
                row("dynamic", text, null, from, start(tree.getArguments().get(0)), end(tree));
            }
        }

        /** The text of strings that are joined by nothing but `+`. */
        static String constant(ExpressionTree tree) {
            if (tree instanceof LiteralTree literal) {
                return literal.getValue() instanceof String text ? text : null;
            }
            if (tree.getKind() != Tree.Kind.PLUS) {
                return null;
            }
            // javac joins neighbours itself; what is left is told from the left on
            var binary = (BinaryTree) tree;
            String left = constant(binary.getLeftOperand());
            String right = constant(binary.getRightOperand());
            return left == null || right == null ? null : left + right;
        }

        @Override
        public Void visitPackage(PackageTree tree, Void nothing) {
            return scan(tree.getAnnotations(), null);
        }

        @Override
        public Void visitModule(ModuleTree tree, Void nothing) {
            return null;
        }

        @Override
        public Void visitMemberSelect(MemberSelectTree tree, Void nothing) {
            Deque<String> names = new ArrayDeque<>();
            Tree below = tree;
            while (true) {
                if (below instanceof MemberSelectTree member) {
                    names.addFirst(member.getIdentifier().toString());
                    below = member.getExpression();
                } else if (below instanceof AnnotatedTypeTree annotated) {
                    scan(annotated.getAnnotations(), null);
                    below = annotated.getUnderlyingType();
                } else {
                    break;
                }
            }
            if (!(below instanceof IdentifierTree root)) {
                return scan(below, null);
            }
            List<String> rest = new ArrayList<>();
            for (String name : names) {
                if (WORDS.contains(name)) {
                    break;
                }
                rest.add(name);
            }
            String first = root.getName().toString();
            if (WORDS.contains(first)) {
                return null;
            }
            if (rest.isEmpty()) {
                alone.add(first);
            } else {
                chains.add(new Chain(first, rest, start(root)));
            }
            return null;
        }

        /** The name after `::` belongs to the names before it. */
        @Override
        public Void visitMemberReference(MemberReferenceTree tree, Void nothing) {
            int before = chains.size();
            ExpressionTree of = tree.getQualifierExpression();
            boolean isNew = tree.getMode() == MemberReferenceTree.ReferenceMode.NEW;
            scan(of, null);
            scan(tree.getTypeArguments(), null);
            if (!isNew && of instanceof IdentifierTree root && !WORDS.contains(root.getName().toString())) {
                var rest = new ArrayList<>(List.of(tree.getName().toString()));
                references.add(new Chain(root.getName().toString(), rest, start(root)));
            } else if (!isNew && of instanceof MemberSelectTree && chains.size() > before) {
                Chain chain = chains.get(before);
                if (chain.position() == start(of) && ends(of, chain)) {
                    chain.rest().add(tree.getName().toString());
                }
            }
            return null;
        }

        /** Whether an expression is the names of a chain and nothing more. */
        static boolean ends(Tree tree, Chain chain) {
            int names = 0;
            while (tree instanceof MemberSelectTree member) {
                names++;
                tree = member.getExpression();
                while (tree instanceof AnnotatedTypeTree annotated) {
                    tree = annotated.getUnderlyingType();
                }
            }
            return tree instanceof IdentifierTree && names == chain.rest().size();
        }

        @Override
        public Void visitIdentifier(IdentifierTree tree, Void nothing) {
            alone.add(tree.getName().toString());
            return null;
        }

        @Override
        public Void visitVariable(VariableTree tree, Void nothing) {
            String name = tree.getName().toString();
            declared.add(name);
            alone.add(name);
            return super.visitVariable(tree, nothing);
        }

        @Override
        public Void visitClass(ClassTree tree, Void nothing) {
            declare(tree.getSimpleName().toString());
            return super.visitClass(tree, nothing);
        }

        @Override
        public Void visitTypeParameter(TypeParameterTree tree, Void nothing) {
            declare(tree.getName().toString());
            return super.visitTypeParameter(tree, nothing);
        }

        @Override
        public Void visitLabeledStatement(LabeledStatementTree tree, Void nothing) {
            alone.add(tree.getLabel().toString());
            return super.visitLabeledStatement(tree, nothing);
        }

        @Override
        public Void visitBreak(BreakTree tree, Void nothing) {
            alone.add("" + tree.getLabel());
            return super.visitBreak(tree, nothing);
        }

        @Override
        public Void visitContinue(ContinueTree tree, Void nothing) {
            alone.add("" + tree.getLabel());
            return super.visitContinue(tree, nothing);
        }

        @Override
        public Void visitAnnotation(AnnotationTree tree, Void nothing) {
            return super.visitAnnotation(tree, nothing);
        }

        void declare(String name) {
            declared.add(name);
            alone.add(name);
        }

        /** Whether a name looks like a type's: members of methods and constants are no paths. */
        static boolean holdsNames(String name, boolean member) {
            boolean constant = name.length() > 1 && member && name.codePoints().noneMatch(Character::isLowerCase);
            return !Character.isLowerCase(name.codePointAt(0)) && !constant;
        }

        List<String> uses() {
            Map<String, String> locals = new HashMap<>();
            Set<String> members = new HashSet<>();
            for (ImportTree tree : unit.getImports()) {
                String whole = tree.getQualifiedIdentifier().toString();
                if (tree.isStatic()) {
                    members.add(whole.substring(whole.lastIndexOf('.') + 1));
                }
                locals.putIfAbsent(whole.substring(whole.lastIndexOf('.') + 1), whole);
            }
            scan(unit.getPackage(), null);
            scan(unit.getTypeDecls(), null);
            rows.clear();
            references.removeIf(chain -> !locals.containsKey(chain.first()));
            chains.addAll(references);
            for (Chain chain : chains) {
                String module = locals.get(chain.first());
                // an import without `static` names a type, whatever letter it begins with
                boolean isMember = members.contains(chain.first());
                if (module != null && isMember && !holdsNames(chain.first(), true)) {
                    continue;
                }
                if (module == null ? !alone.contains(chain.first()) : !declared.contains(chain.first())) {
                    var segments = new ArrayList<>(List.of(module == null ? chain.first() : module));
                    segments.addAll(chain.rest());
                    row("attribute", String.join(".", segments), null, chain.position(), chain.position(), chain.position());
                }
            }
            rows.sort(Comparator.comparingLong(Row::position));
            return rows.stream().distinct().map(Row::text).toList();
        }
    }
}
