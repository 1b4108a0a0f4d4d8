# Two independent groups: this package and its peers in one run. Rscript inst/bench/groups.R

source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)[1])), "common.R"))
suppressMessages(library(respondr))
bench_library(c("matrixTests", "exactRankTests", "coin"))
set.seed(1)

# Haemoglobin of 41 and 21 patients to one decimal: ties.
x <- round(rnorm(41, 9.5, 1.2), 1)
y <- round(rnorm(21, 8.8, 1.2), 1)
stopifnot(anyDuplicated(c(x, y)) > 0)
one <- function() compare_groups(x, y, method = "mann_whitney", effect = "none")
ours <- seconds(for (i in 1:20) one(), 3) / 20
peer <- seconds(suppressWarnings(exactRankTests::wilcox.exact(y, x, conf.int = TRUE)), 3)
record("Mann-Whitney exact with ties and interval, 41 + 21, one call", ours, "exactRankTests", peer, 100)

# The same in a batch, where the call is paid once.
many <- round(matrix(rnorm(62 * 200, 9, 1.2), 62), 1)
arm <- factor(rep(c("a", "b"), c(41, 21)))
batch <- seconds(compare_groups(many ~ arm, method = "mann_whitney", effect = "none"), 3) / 200
record("the same in a batch of 200 outcomes, each", batch, "exactRankTests", peer, 100)

wide <- matrix(rnorm(62 * 200000), 62)
a <- t(wide[1:41, ])
b <- t(wide[42:62, ])
ours <- seconds(compare_groups(wide ~ arm, method = "student", effect = "none"), 3)
peer <- seconds(matrixTests::row_t_equalvar(b, a), 3)
record("two-sample t of 200,000 outcomes, 62 patients", ours, "matrixTests", peer, 30)
two <- seconds(compare_groups(wide ~ arm, method = "student", effect = "none", threads = 2), 3)
record("the same on two threads", two, "matrixTests", peer, 30)

permuted <- seconds(compare_groups(x, y, method = "permutation", effect = "none"), 3)
perm_peer <- seconds(coin::pvalue(coin::oneway_test(v ~ g, data.frame(v = c(x, y), g = factor(rep(1:2, c(41, 21)))),
  distribution = "exact")), 3)
record("exact permutation of means with interval, 41 + 21", permuted, "coin (p only)", perm_peer, 1)

bench_table()
