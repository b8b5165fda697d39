import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jetbrains.kotlin.cli.FrontendConfigurationKeysKt;
import org.jetbrains.kotlin.cli.common.CLIConfigurationKeys;
import org.jetbrains.kotlin.cli.common.messages.MessageCollector;
import org.jetbrains.kotlin.cli.jvm.compiler.EnvironmentConfigFiles;
import org.jetbrains.kotlin.cli.jvm.compiler.KotlinCoreEnvironment;
import org.jetbrains.kotlin.com.intellij.openapi.util.Disposer;
import org.jetbrains.kotlin.com.intellij.psi.PsiComment;
import org.jetbrains.kotlin.com.intellij.psi.PsiElement;
import org.jetbrains.kotlin.com.intellij.psi.PsiErrorElement;
import org.jetbrains.kotlin.com.intellij.psi.PsiWhiteSpace;
import org.jetbrains.kotlin.com.intellij.psi.util.PsiTreeUtil;
import org.jetbrains.kotlin.compiler.plugin.CompilerPluginRegistrar;
import org.jetbrains.kotlin.config.CompilerConfiguration;
import org.jetbrains.kotlin.lexer.KtTokens;
import org.jetbrains.kotlin.psi.KtBinaryExpression;
import org.jetbrains.kotlin.psi.KtCallExpression;
import org.jetbrains.kotlin.psi.KtDotQualifiedExpression;
import org.jetbrains.kotlin.psi.KtEnumEntry;
import org.jetbrains.kotlin.psi.KtEscapeStringTemplateEntry;
import org.jetbrains.kotlin.psi.KtExpression;
import org.jetbrains.kotlin.psi.KtFile;
import org.jetbrains.kotlin.psi.KtImportDirective;
import org.jetbrains.kotlin.psi.KtLiteralStringTemplateEntry;
import org.jetbrains.kotlin.psi.KtNamedDeclaration;
import org.jetbrains.kotlin.psi.KtNamedFunction;
import org.jetbrains.kotlin.psi.KtPackageDirective;
import org.jetbrains.kotlin.psi.KtPsiFactory;
import org.jetbrains.kotlin.psi.KtStringTemplateEntry;
import org.jetbrains.kotlin.psi.KtStringTemplateExpression;

/**
 * Prints what `importgate imports` should print for Kotlin files, as Kotlin's own compiler reads them: paths come on
 * standard input, a line each. Columns, parted by tabs: path, kind, module, name, alias, line, line of the name, last line. A
 * file that the parser takes has a row with its path alone before them, one with errors none. With the argument
 * `uses`, the rows are those of kind attribute; the rule of src/lang/jvm/uses.rs is told by the compiler's tokens.
 */
public final class Rows {
    private static final Pattern CLASS_NAME = Pattern.compile("[\\p{L}_$][\\p{L}\\p{N}_$]*(\\.[\\p{L}_$][\\p{L}\\p{N}_$]*)*");

    public static void main(String[] arguments) throws Exception {
        boolean uses = arguments.length > 0 && arguments[0].equals("uses");
        var configuration = new CompilerConfiguration();
        configuration.put(CLIConfigurationKeys.MESSAGE_COLLECTOR_KEY, MessageCollector.Companion.getNONE());
        FrontendConfigurationKeysKt.setExtensionsStorage(configuration, new CompilerPluginRegistrar.ExtensionStorage());
        var environment = KotlinCoreEnvironment.createForProduction(Disposer.newDisposable(), configuration,
                EnvironmentConfigFiles.JVM_CONFIG_FILES);
        var factory = new KtPsiFactory(environment.getProject(), false);
        var out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String path; (path = in.readLine()) != null; ) {
            Rows rows = of(factory, path);
            if (rows != null) {
                out.println(path);
                (uses ? rows.uses() : rows.imports()).forEach(out::println);
            }
        }
        out.flush();
        System.exit(0);
    }

    private static Rows of(KtPsiFactory factory, String path) throws Exception {
        String text;
        try {
            byte[] bytes = Files.readAllBytes(Path.of(path));
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException error) {
            return null;
        }
        text = (text.startsWith("\ufeff") ? text.substring(1) : text).replace("\r\n", "\n").replace('\r', '\n');
        KtFile file = factory.createFile(Path.of(path).getFileName().toString(), text);
        return PsiTreeUtil.findChildOfType(file, PsiErrorElement.class) == null ? new Rows(path, text, file) : null;
    }

    private final String path;
    private final String text;
    private final KtFile file;
    private final int[] lineEnds;

    private Rows(String path, String text, KtFile file) {
        this.path = path;
        this.text = text;
        this.file = file;
        this.lineEnds = java.util.stream.IntStream.range(0, text.length()).filter(at -> text.charAt(at) == '\n').toArray();
    }

    private int line(int offset) {
        int index = Arrays.binarySearch(lineEnds, offset);
        return (index < 0 ? -index - 1 : index) + 1;
    }

    private static int start(PsiElement element) {
        return element.getTextRange().getStartOffset();
    }

    private static int end(PsiElement element) {
        return element.getTextRange().getEndOffset();
    }

    private String row(String kind, String module, String name, String alias, int from, int nameAt, int to) {
        return String.join("\t", path, kind, module, name == null ? "" : name, alias == null ? "" : alias,
                "" + line(from), "" + line(nameAt), "" + line(Math.max(from, to - 1)));
    }

    private List<String> imports() {
        List<String> rows = new ArrayList<>();
        for (PsiElement element : PsiTreeUtil.findChildrenOfAnyType(file, KtImportDirective.class, KtCallExpression.class)) {
            if (element instanceof KtImportDirective directive && directive.getImportedFqName() != null) {
                var star = directive.getNode().findChildByType(KtTokens.MUL);
                int word = directive.getNode().findChildByType(KtTokens.IMPORT_KEYWORD).getStartOffset();
                String module = directive.getImportedFqName().pathSegments().stream().map(name -> name.asString())
                        .collect(Collectors.joining("."));
                int nameAt = star != null ? star.getStartOffset() : start(directive.getImportedReference());
                rows.add(row("import", module, star != null ? "*" : null, alias(directive), word, nameAt, end(directive)));
            } else if (element instanceof KtCallExpression call) {
                String row = call(call);
                if (row != null) {
                    rows.add(row);
                }
            }
        }
        return rows;
    }

    private static String alias(KtImportDirective directive) {
        String name = directive.getAliasName();
        return name == null ? null : name.replace("`", "");
    }

    private String call(KtCallExpression call) {
        KtExpression callee = call.getCalleeExpression();
        if (callee == null || call.getTypeArgumentList() != null || call.getValueArgumentList() == null
                || call.getValueArguments().isEmpty() || call.getValueArguments().get(0).isNamed()) {
            return null;
        }
        boolean forName = callee.getText().equals("forName");
        if (!forName && !callee.getText().equals("loadClass")) {
            return null;
        }
        int from = start(callee);
        if (forName) {
            if (!(call.getParent() instanceof KtDotQualifiedExpression parent) || parent.getSelectorExpression() != call
                    || !Set.of("Class", "java.lang.Class").contains(withoutBlanks(parent.getReceiverExpression()))) {
                return null;
            }
            from = start(parent);
        }
        KtExpression argument = call.getValueArguments().get(0).getArgumentExpression();
        String name = constant(argument);
        if (name == null) {
            return null;
        }
        String element = name.replaceFirst("^\\[+", "");
        if (element.length() < name.length() && element.startsWith("L") && element.endsWith(";")) {
            name = element.substring(1, element.length() - 1);
        }
        return CLASS_NAME.matcher(name).matches() ? row("dynamic", name, null, null, from, start(argument), end(call)) : null;
    }

    private static String withoutBlanks(PsiElement element) {
        return leaves(element).stream().map(PsiElement::getText).collect(Collectors.joining());
    }

    private static String constant(KtExpression expression) {
        if (expression instanceof KtBinaryExpression binary && binary.getOperationToken() == KtTokens.PLUS) {
            String left = constant(binary.getLeft());
            String right = constant(binary.getRight());
            return left == null || right == null ? null : left + right;
        }
        if (!(expression instanceof KtStringTemplateExpression string)) {
            return null;
        }
        var text = new StringBuilder();
        for (KtStringTemplateEntry entry : string.getEntries()) {
            if (entry instanceof KtLiteralStringTemplateEntry) {
                text.append(entry.getText());
            } else if (entry instanceof KtEscapeStringTemplateEntry escape) {
                text.append(escape.getUnescapedValue());
            } else {
                return null;
            }
        }
        return text.toString();
    }

    /** The tokens of code, without blanks and comments. */
    private static List<PsiElement> leaves(PsiElement root) {
        List<PsiElement> found = new ArrayList<>();
        PsiElement leaf = PsiTreeUtil.getDeepestFirst(root);
        int end = end(root);
        while (leaf != null && start(leaf) < end) {
            boolean comment = PsiTreeUtil.getParentOfType(leaf, PsiComment.class, false) != null;
            if (!comment && !(leaf instanceof PsiWhiteSpace) && leaf.getTextLength() > 0) {
                found.add(leaf);
            }
            leaf = PsiTreeUtil.nextLeaf(leaf);
        }
        return found;
    }

    private static String word(PsiElement leaf) {
        var type = leaf.getNode().getElementType();
        if (type == KtTokens.IDENTIFIER || type == KtTokens.FIELD_IDENTIFIER || KtTokens.KEYWORDS.contains(type)
                || KtTokens.SOFT_KEYWORDS.contains(type)) {
            // inside a string without braces it is no code to importgate
            boolean template = leaf.getParent() != null && leaf.getParent().getParent()
                    instanceof org.jetbrains.kotlin.psi.KtSimpleNameStringTemplateEntry;
            String name = leaf.getText();
            return template ? null : name.startsWith("`") && name.length() > 1 ? name.substring(1, name.length() - 1) : name;
        }
        return null;
    }

    private List<String> uses() {
        Map<String, String> locals = new HashMap<>();
        for (KtImportDirective directive : file.getImportDirectives()) {
            if (directive.getImportedFqName() != null && !directive.isAllUnder()) {
                String module = directive.getImportedFqName().pathSegments().stream().map(name -> name.asString())
                        .collect(Collectors.joining("."));
                locals.putIfAbsent(directive.getImportPath().getImportedName().asString(), module);
            }
        }
        Set<String> declared = new HashSet<>();
        for (KtNamedDeclaration declaration : PsiTreeUtil.findChildrenOfType(file, KtNamedDeclaration.class)) {
            if (declaration.getName() != null && !(declaration instanceof KtNamedFunction)) {
                declared.add(declaration.getName());
            }
        }
        Set<String> constants = PsiTreeUtil.findChildrenOfType(file, KtEnumEntry.class).stream()
                .map(KtNamedDeclaration::getName).collect(Collectors.toSet());
        Set<String> alone = new HashSet<>();
        List<String[]> found = new ArrayList<>();
        List<PsiElement> leaves = leaves(file);
        for (int at = 0; at < leaves.size(); at++) {
            PsiElement leaf = leaves.get(at);
            String first = word(leaf);
            if (first == null || PsiTreeUtil.getParentOfType(leaf, KtImportDirective.class, KtPackageDirective.class) != null) {
                continue;
            }
            String before = at == 0 ? "" : leaves.get(at - 1).getText();
            var segments = new StringBuilder(first);
            int last = at;
            while (last + 2 < leaves.size() && leaves.get(last + 1).getText().equals(".") && word(leaves.get(last + 2)) != null) {
                String next = leaves.get(last + 2).getText();
                if (Set.of("class", "this", "super", "new").contains(next)) {
                    break;
                }
                segments.append('.').append(word(leaves.get(last + 2)));
                last += 2;
            }
            int dotted = last;
            if (last + 2 < leaves.size() && leaves.get(last + 1).getText().equals("::") && word(leaves.get(last + 2)) != null
                    && !Set.of("class", "this", "super", "new").contains(leaves.get(last + 2).getText())) {
                // the name of a function or property; a name alone before it may be a variable
                segments.append('.').append(word(leaves.get(last + 2)));
                last += 2;
            }
            boolean member = before.equals(".") || before.equals("?.") || before.equals("::");
            boolean bracket = last + 1 < leaves.size() && leaves.get(last + 1).getText().equals("(");
            if (!member && last > at && (dotted > at || locals.containsKey(first))) {
                found.add(new String[] {first, segments.toString(), "" + start(leaf)});
            } else if (!member && (!bracket || before.equals("@"))) {
                alone.add(first);
            }
            at = last;
        }
        List<String> rows = new ArrayList<>();
        for (String[] use : found) {
            String module = locals.get(use[0]);
            if (module != null && Character.isLowerCase(use[0].codePointAt(0))) {
                // members of functions and properties are no paths
                continue;
            }
            boolean bound = module == null ? alone.contains(use[0]) || constants.contains(use[0]) : declared.contains(use[0]);
            if (!bound && !use[0].equals("this") && !use[0].equals("super")) {
                int from = Integer.parseInt(use[2]);
                String whole = module == null ? use[1] : module + use[1].substring(use[0].length());
                rows.add(row("attribute", whole, null, null, from, from, from));
            }
        }
        return rows;
    }
}
