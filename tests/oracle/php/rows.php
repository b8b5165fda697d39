<?php
// The rows of PHP files by PHP's own tokens: reads paths, a line each, and prints the rows of each as a line of JSON;
// `null` where PHP's parser rejects the file. For rows.py.

const NAMES = [T_STRING, T_NAME_QUALIFIED, T_NAME_FULLY_QUALIFIED];
const INTO = [T_REQUIRE => "require", T_REQUIRE_ONCE => "require", T_INCLUDE => "include", T_INCLUDE_ONCE => "include"];

final class Reader
{
    /** @var PhpToken[] */
    private array $tokens;
    private array $lines = [];
    public array $rows = [];

    public function __construct(private string $source)
    {
        $all = PhpToken::tokenize($source, TOKEN_PARSE);
        $quiet = [T_WHITESPACE, T_COMMENT, T_DOC_COMMENT];
        $this->tokens = array_values(array_filter($all, fn ($token) => !in_array($token->id, $quiet, true)));
        preg_match_all('/\r\n|\n|\r/', $source, $ends, PREG_OFFSET_CAPTURE);
        foreach ($ends[0] as [$end, $at]) {
            $this->lines[] = $at + strlen($end);
        }
    }

    private function text(int $at): string
    {
        return $this->tokens[$at]->text ?? '';
    }

    private function id(int $at): int
    {
        return $this->tokens[$at]->id ?? 0;
    }

    private function line(int $offset): int
    {
        [$low, $high] = [0, count($this->lines)];
        while ($low < $high) {
            $middle = intdiv($low + $high, 2);
            if ($this->lines[$middle] <= $offset) {
                $low = $middle + 1;
            } else {
                $high = $middle;
            }
        }
        return $low + 1;
    }

    private function add(string $kind, string $module, ?string $name, ?string $alias, int $level, int $at, int $place): void
    {
        $start = $this->line($this->tokens[$at]->pos);
        $this->rows[] = [$kind, $module, $name, $alias, $level, $start, $this->line($place)];
    }

    public function read(): void
    {
        $braces = [];
        $parentheses = 0;
        $class = null;
        foreach ($this->tokens as $at => $token) {
            switch ($token->id) {
                case T_CLASS:
                    if ($this->id($at - 1) !== T_DOUBLE_COLON) {
                        $class = $parentheses;
                    }
                    break;
                case T_INTERFACE:
                case T_TRAIT:
                case T_ENUM:
                    $class = $parentheses;
                    break;
                case ord('('):
                    $parentheses++;
                    break;
                case ord(')'):
                    $parentheses--;
                    break;
                case ord('{'):
                    $braces[] = $class === $parentheses;
                    if ($class === $parentheses) {
                        $class = null;
                    }
                    break;
                case T_CURLY_OPEN:
                case T_DOLLAR_OPEN_CURLY_BRACES:
                    $braces[] = false;
                    break;
                case ord('}'):
                    array_pop($braces);
                    break;
                case T_USE:
                    if ($this->id($at + 1) === ord('(')) {
                        break;
                    }
                    end($braces) ? $this->traits($at) : $this->import($at);
                    break;
                default:
                    if (isset(INTO[$token->id])) {
                        $this->file($at);
                    }
            }
        }
    }

    private function place(int $at): int
    {
        return $this->tokens[$at]->pos + ($this->id($at) === T_NAME_FULLY_QUALIFIED ? 1 : 0);
    }

    private function alias(int &$at): ?string
    {
        if ($this->id($at) !== T_AS) {
            return null;
        }
        $at += 2;
        return $this->text($at - 1);
    }

    private function modifier(int $at): int
    {
        return in_array($this->id($at), [T_FUNCTION, T_CONST], true) ? $at + 1 : $at;
    }

    private function import(int $use): void
    {
        $at = $this->modifier($use + 1);
        while (true) {
            $full = $this->id($at) === T_NS_SEPARATOR;
            $name = $at;
            $module = ltrim($this->text($at), '\\');
            $at++;
            if ($this->id($at) === T_NS_SEPARATOR && $this->text($at + 1) === '{') {
                $at += 2;
                while ($this->text($at) !== '}') {
                    $at = $this->modifier($at);
                    $item = $at++;
                    $alias = $this->alias($at);
                    $this->add('import', $module, $this->text($item), $alias, 0, $use, $this->place($item));
                    $at += $this->text($at) === ',' ? 1 : 0;
                }
                $at++;
            } else {
                $alias = $this->alias($at);
                $this->add('import', $module, null, $alias, 0, $use, $this->place($name));
            }
            if ($this->text($at) !== ',') {
                return;
            }
            $at = $this->modifier($at + 1);
        }
    }

    private function traits(int $use): void
    {
        for ($at = $use + 1; in_array($this->id($at), NAMES, true); $at += 2) {
            if ($this->id($at) === T_NAME_FULLY_QUALIFIED) {
                $this->add('import', ltrim($this->text($at), '\\'), null, null, 0, $use, $this->place($at));
            }
            if ($this->text($at + 1) !== ',') {
                return;
            }
        }
    }

    /** The steps up from the file that an expression at $at names. */
    private function folder(int &$at): ?int
    {
        if (in_array(strtolower($this->text($at)), ['dirname', '\\dirname'], true) && $this->text($at + 1) === '(') {
            $at += 2;
            $level = $this->folder($at);
            $steps = 1;
            if ($level !== null && $this->text($at) === ',' && $this->id($at + 1) === T_LNUMBER) {
                $steps = (int) $this->text($at + 1);
                $at += 2;
            }
            if ($level === null || $this->text($at) !== ')') {
                return null;
            }
            $at++;
            return $level + $steps;
        }
        $at++;
        return match ($this->id($at - 1)) { T_DIR => 1, T_FILE => 0, default => null };
    }

    /** Reads terms that dots join, in parentheses or `realpath(…)` too; false if only running tells what they make. */
    private function path(int &$at, array &$path): bool
    {
        do {
            $resolved = in_array(strtolower($this->text($at)), ['realpath', '\\realpath'], true) && $this->text($at + 1) === '(';
            if ($resolved || $this->text($at) === '(') {
                $at += $resolved ? 2 : 1;
                if (!$this->path($at, $path) || $this->text($at++) !== ')') {
                    return false;
                }
                continue;
            }
            $separator = in_array($this->text($at), ['DIRECTORY_SEPARATOR', '\\DIRECTORY_SEPARATOR'], true);
            if ($separator || $this->id($at) === T_CONSTANT_ENCAPSED_STRING) {
                // a constant string: PHP itself reads its escapes
                $path['place'] ??= $this->tokens[$at]->pos;
                $path['text'] .= $separator ? '/' : eval("return {$this->text($at)};");
                $at++;
            } else {
                $level = $path['terms'] === 0 ? $this->folder($at) : null;
                if (!$level) {
                    return false;
                }
                $path['level'] = $level;
            }
            $path['terms']++;
        } while ($this->text($at) === '.' && $at++);
        return true;
    }

    private function file(int $into): void
    {
        $at = $into + 1;
        $path = ['level' => 0, 'text' => '', 'place' => null, 'terms' => 0];
        if (!$this->path($at, $path)) {
            return;
        }
        $ends = [';', ')', ',', ']', '}', ':', ''];
        $words = [T_CLOSE_TAG, T_LOGICAL_OR, T_LOGICAL_AND, T_LOGICAL_XOR];
        if (!in_array($this->text($at), $ends, true) && !in_array($this->id($at), $words, true)) {
            return;
        }
        if ($path['text'] !== '') {
            $this->add(INTO[$this->id($into)], $path['text'], null, null, $path['level'], $into, $path['place']);
        }
    }
}

while (($path = fgets(STDIN)) !== false) {
    try {
        $source = file_get_contents(rtrim($path, "\n"));
        $mark = str_starts_with($source, "\xef\xbb\xbf") ? 3 : 0;
        $reader = new Reader(substr($source, $mark));
        $reader->read();
        echo json_encode($reader->rows, JSON_THROW_ON_ERROR | JSON_INVALID_UTF8_SUBSTITUTE | JSON_UNESCAPED_UNICODE), "\n";
    } catch (ParseError) {
        echo "null\n";
    }
}
