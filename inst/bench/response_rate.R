# 2,000 bootstrap replicates of a difference adjusted by g-computation, 500 patients, against a loop over glm() and
# predict(). The loop is run for a few hundred replicates and scaled. Run: Rscript inst/bench/response_rate.R
# [replicates of the loop]
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)[1])), "common.R"))
library(respondr)
args <- commandArgs(TRUE)
looped <- if (length(args)) as.integer(args[1]) else 300L
set.seed(1)
n <- 500
d <- data.frame(arm = factor(rep(c("control", "drug"), n / 2)), age = rnorm(n, 50, 12), female = rbinom(n, 1, 0.5),
  base = rnorm(n))
d$y <- rbinom(n, 1, plogis(-0.3 + 0.6 * (d$arm == "drug") + 0.02 * (d$age - 50) + 0.3 * d$base))

glm_difference <- function(d) {
  fit <- glm(y ~ arm + age + female + base, binomial(), d)
  risk <- function(level) mean(predict(fit, transform(d, arm = level), type = "response"))
  risk("drug") - risk("control")
}
glm_bootstrap <- function(replicates) {
  rows <- split(seq_len(n), d$arm)
  vapply(seq_len(replicates), function(b) glm_difference(d[unlist(lapply(rows, sample, replace = TRUE)), ]), 0)
}
ours <- function(threads) {
  response_rate(y ~ arm, d, adjust = ~ age + female + base, missing = "excluded", replicates = 2000, seed = 1,
    threads = threads)
}
x <- as.data.frame(ours(1L))
x <- x[x$conf_method == "percentile" & grepl("difference", x$estimand), ]
loop <- seconds(found <- glm_bootstrap(looped), runs = 2) * 2000 / looped
cat(sprintf("standard error %.4f, of the loop %.4f (%d replicates)\n", x$std_error, sd(found), looped))
for (threads in 1:2) {
  record(paste0("g-computation, 2,000 replicates, n = 500, threads = ", threads), seconds(ours(threads)),
    "glm loop, scaled", loop, goal = 50)
}
bench_table()
