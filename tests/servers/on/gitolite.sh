# shellcheck shell=bash disable=SC2154
# gitolite3: one hook in the common folder, linked into every repository.
need sshd ssh ssh-keygen useradd userdel usermod setpriv gitolite

mkdir "$root/gitolite"
user=iggl$$
make_user "$user" /bin/sh
ssh_client
home=$root/gitolite/home
cp "$ssh_key.pub" "$home/alice.pub"
chmod 644 "$home/alice.pub"
# the policy is read from the default branch of what gitolite makes
as "$user" git config --global init.defaultBranch main
(cd "$home" && as "$user" gitolite setup -pk alice.pub) >"$root/gitolite/setup.log" 2>&1
common=$home/.gitolite/hooks/common
(cd "$common" && as "$user" "$root/bin/importgate" install --server) >"$root/gitolite/install.log"
grep -q 'gitolite setup --hooks-only' "$root/gitolite/install.log" || fail 'install does not say how to go on'
configure "$common" "$user"
as "$user" gitolite setup --hooks-only >>"$root/gitolite/setup.log" 2>&1
repository=$home/repositories/testing.git
[ "$(readlink "$repository/hooks/pre-receive")" = "$common/pre-receive" ] || fail 'the hook is not linked'
start_sshd "$user"
holds "ssh://$user@127.0.0.1:$port/testing" "$repository" "$user" alice
rolls_out "ssh://$user@127.0.0.1:$port/testing" "$repository" "$user" alice "$common"
